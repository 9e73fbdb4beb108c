// What a utility process may import from 'electron'.
import { StandInNet } from './net.ts'

export const net = new StandInNet()
