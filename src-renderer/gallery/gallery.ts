import '../src/app.css'
import { mount } from 'svelte'
import Gallery from './Gallery.svelte'

const target = document.getElementById('app')
if (target === null) throw new Error('The page has no element #app.')

const theme = new URLSearchParams(location.search).get('theme')
if (theme !== null) document.documentElement.dataset.theme = theme

mount(Gallery, { target })
