/** Names as long as people make them. */
export const longName =
  'Quarterly report of the regional committee for the harmonisation of harmonisation procedures (final, revised, really final).docx'
export const longWord = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
