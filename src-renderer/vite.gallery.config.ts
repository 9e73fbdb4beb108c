import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

/** The gallery shows every part of the kit; the component tests look at it. It is not part of the application. */
export default defineConfig({
  root: `${import.meta.dirname}/gallery`,
  base: './',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: `${import.meta.dirname}/../out/gallery`,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
