export { Contract } from '../../support/graph-simulator-contract/contract.ts'
export { contractFolder, documentedExamples } from '../../support/graph-simulator-contract/contract-data.ts'
