import { openVault } from '../../../src-main/secrets/vault.ts'

/** Writes some secrets into a vault, one after the other. */
const [path = '', name = '', count = '0'] = process.argv.slice(2)
const vault = openVault({ path, passphrase: () => Promise.resolve('the passphrase') })
for (let at = 0; at < Number(count); at++) await vault.set(`tokens/${name}${String(at)}`, 'x'.repeat(2000))
