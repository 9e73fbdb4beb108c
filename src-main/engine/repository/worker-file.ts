/** URL of a worker's entry: beside its caller as source, beside the bundle once built. */
export function workerFile(callerUrl: string, name: string): URL {
  return new URL(`./${name}${callerUrl.endsWith('.ts') ? '.ts' : '.js'}`, callerUrl)
}
