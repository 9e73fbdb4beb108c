/** Of Electron, whose types the stand-in is held to. */
export const electronVersion = '45.4.1'
