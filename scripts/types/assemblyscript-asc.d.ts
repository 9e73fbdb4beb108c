/**
 * The part of `assemblyscript/asc` that the build uses (tsconfig.json points here). The package's own types declare
 * AssemblyScript's globals, among them a `console` without `error`, for every file of the project.
 * https://www.assemblyscript.org/compiler.html#programmatic-usage
 */
interface Asc {
  main(
    argv: readonly string[],
    options: {
      readonly readFile?: (name: string, baseDir: string) => string | null
      readonly writeFile?: (name: string, contents: string | Uint8Array, baseDir: string) => void
      readonly listFiles?: (directory: string, baseDir: string) => readonly string[]
    },
  ): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>
}

declare const asc: Asc
export default asc
