// Compiles the AssemblyScript Poly1305 and writes it, as base64, into the module that the engine loads.
// Run it after a change of the source: npm run build:poly1305. A test compares the two.
import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import asc from 'assemblyscript/asc'

const source = new URL('../src-main/engine/crypto/assembly/poly1305.ts', import.meta.url)
const target = new URL('../src-main/engine/crypto/poly1305-wasm.ts', import.meta.url)

/** The compiled module's bytes. */
export async function compilePoly1305(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined
  const text = await readFile(source, 'utf8')
  const { error, stderr } = await asc.main(
    // Memory of a fixed size: growing it would detach the views that the engine holds on it.
    ['poly1305.ts', '-O3', '--runtime', 'stub', '--initialMemory', '18', '--maximumMemory', '18', '-o', 'out.wasm'],
    {
      readFile: (name: string) => (name === 'poly1305.ts' ? text : null),
      writeFile: (name: string, contents: string | Uint8Array) => {
        if (name === 'out.wasm' && typeof contents !== 'string') binary = contents
      },
      listFiles: () => [],
    },
  )
  if (error !== null || binary === undefined) throw new Error(`asc failed: ${stderr.toString()}`)
  return binary
}

/** The generated module's text. */
export function poly1305Module(binary: Uint8Array): string {
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,100}/g) ?? []
  const quoted = lines.map((line) => `  '${line}',`).join('\n')
  return `// Made by scripts/build-poly1305.ts from assembly/poly1305.ts. Do not edit.\nexport const poly1305Base64 = [\n${quoted}\n].join('')\n`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(target, poly1305Module(await compilePoly1305()))
}
