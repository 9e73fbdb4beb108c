import { Option, type Command } from 'commander'

const ACCOUNT = 'Account:'

/** Options of every command that can use an account which was signed in before. */
export function accountOptions(): Option[] {
  return [
    new Option(
      '--account <name>',
      'account that "holdfast login" has signed in, in place of tenant, client and secret',
    ),
    ...vaultOptions(),
  ].map((option) => option.helpGroup(ACCOUNT))
}

function vaultOptions(): Option[] {
  return [
    new Option('--vault <file>', 'encrypted file that keeps accounts and their secrets, in place of the keychain'),
    new Option('--vault-passphrase-file <file>', 'file whose first line is the passphrase of that file'),
  ]
}

function nameOption(description: string): Option {
  return new Option('--account <name>', `${description} (default: default)`)
}

/** `source`: the options of tenants (id, client, secret, certificate, cloud), which signing in takes as well. */
export function defineLogin(command: Command, source: readonly Option[]): void {
  command
    .description('sign in, and keep the account in the keychain')
    .addHelpText('after', loginHelp)
    .addOption(nameOption('what to call the account'))
    .addOption(new Option('--device-code', 'sign in on another machine, by a code'))
    .addOption(new Option('--app-only', 'keep an application that signs in by itself, by secret or certificate'))
    .addOption(new Option('--create-certificate', 'with --app-only: make a key and a certificate for it'))
    .addOption(new Option('--certificate-file <file>', 'where its public part goes (default: holdfast-<account>.cer)'))
    .addOption(
      new Option(
        '--types <types>',
        'what it is for, e.g. mail,calendar; onedrive-destination, group-destination, sharepoint-destination (default: everything a person has)',
      ),
    )
    .addOption(new Option('--for-restore', 'ask for what a restore needs, too'))
  for (const option of [...vaultOptions(), ...source]) command.addOption(option)
}

export function defineLogout(command: Command): void {
  command.description('forget an account, its tokens and its secrets').addOption(nameOption('which account'))
  for (const option of vaultOptions()) command.addOption(option)
}

export function defineAccounts(command: Command): void {
  command.description('list the accounts that are signed in on this machine')
  for (const option of vaultOptions()) command.addOption(option)
}

const loginHelp = `
A person signs in in the browser, with a work or school account or (--office365-tenant-id consumers) a personal one. The
app registration needs http://localhost as a platform "Mobile and desktop applications", and for --device-code "Allow
public client flows". Accounts and secrets are kept in the keychain of the operating system; where there is none, in a
file: --vault, with its passphrase from HOLDFAST_VAULT_PASSPHRASE, --vault-passphrase-file, or typed.`
