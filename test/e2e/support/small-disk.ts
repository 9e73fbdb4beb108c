import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

const [unshare, ...intoOwn] = ['unshare', '--map-root-user', '--mount', 'sh', '-ec'] as const

/** Why no file system of a size of its own can be had here; undefined if it can. */
export function whyNoMounts(): string | undefined {
  if (process.platform !== 'linux') return 'this needs Linux'
  const { status } = spawnSync(unshare, [...intoOwn, 'mount -t tmpfs tmpfs /mnt'])
  return status === 0 ? undefined : 'this system does not allow mounts'
}

/**
 * A file system of so many mebibytes, for one test: its folder. It lies in a name space of its own, which others reach
 * through the process that holds it, and goes with that process.
 */
export async function mountSmallDisk(mebibytes: number): Promise<string> {
  const commands = `mount -t tmpfs -o size=${String(mebibytes)}m tmpfs /mnt; echo mounted; exec cat`
  const holder = spawn(unshare, [...intoOwn, commands], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    const gone = once(holder, 'close')
    holder.stdin.end()
    await gone
  })
  await once(holder.stdout, 'data')
  return `/proc/${String(holder.pid)}/root/mnt`
}

/** Text of about so many bytes that cannot be compressed. */
export function bigText(bytes: number): string {
  return randomBytes((bytes * 3) / 4)
    .toString('base64')
    .replaceAll(/.{76}/g, '$&\r\n')
}
