import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface LinkOptions {
  /** Port of the server on this machine. */
  readonly port: number
  /** Of each direction; unlimited when absent. */
  readonly bytesPerSecond?: number
  /** How long each byte is on its way, in one direction. */
  readonly delayMs?: number
}

/** A line between a client and a server. */
export interface Link {
  /** Where the client connects to, in place of the server: `http://127.0.0.1:<port>`. */
  readonly origin: string
  /** Bytes that went to the server so far. */
  readonly sent: number
  /** Cuts every connection once so many further bytes have gone to the server; those are delivered. */
  cutAfter(bytes: number): void
  /** How often it was cut. */
  readonly cuts: number
  close(): Promise<void>
}

/** Bytes in one piece on the line: small, or the pieces of several connections would not take turns. */
const pieceBytes = 64 * 1024

/** A TCP proxy that is as fast as a line, in both directions, all connections together. */
export async function startLink(options: LinkOptions): Promise<Link> {
  const line = new Line(options)
  await line.listen()
  return line
}

class Line implements Link {
  origin = ''
  sent = 0
  cuts = 0
  readonly #options: LinkOptions
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #up: Pace
  readonly #down: Pace
  #cutAt = Infinity

  constructor(options: LinkOptions) {
    this.#options = options
    this.#up = new Pace(options.bytesPerSecond)
    this.#down = new Pace(options.bytesPerSecond)
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      this.#join(client)
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  cutAfter(bytes: number): void {
    this.#cutAt = this.sent + bytes
  }

  async close(): Promise<void> {
    this.#cut()
    await new Promise<void>((resolve, reject) => {
      this.#server.close((error) => {
        if (error === undefined) resolve()
        else reject(error)
      })
    })
  }

  #join(client: Socket): void {
    const server = connect({ port: this.#options.port, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      this.#sockets.add(socket)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        for (const other of [client, server]) other.destroy()
      })
      // The other side sees a connection that is gone; there is nobody else to tell.
      socket.on('error', () => undefined)
    }
    void this.#carry(client, server, this.#up, (bytes) => this.#counted(bytes))
    void this.#carry(server, client, this.#down, (bytes) => bytes)
  }

  /** `counted` says how many of so many bytes still get through. */
  async #carry(from: Socket, to: Socket, pace: Pace, counted: (bytes: number) => number): Promise<void> {
    const latest = { delivery: Promise.resolve() }
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.length; at += pieceBytes) {
          const piece = chunk.subarray(at, at + pieceBytes)
          await pace.take(piece.length)
          latest.delivery = this.#deliver(to, piece, counted, latest.delivery)
        }
      }
      await latest.delivery
      to.end()
    } catch {
      // One of the two is gone, and the other with it.
      to.destroy()
    }
  }

  async #deliver(to: Socket, piece: Buffer, counted: (bytes: number) => number, before: Promise<void>): Promise<void> {
    const { delayMs = 0 } = this.#options
    if (delayMs > 0) await delay(delayMs)
    await before
    const through = counted(piece.length)
    if (!to.destroyed && through > 0 && !to.write(piece.subarray(0, through)))
      await new Promise<void>((resolve) => {
        to.once('drain', resolve)
        to.once('close', resolve)
      })
    if (through < piece.length) this.#cut()
  }

  #counted(bytes: number): number {
    const through = Math.min(bytes, this.#cutAt - this.sent)
    this.sent += through
    return through
  }

  #cut(): void {
    this.#cutAt = Infinity
    this.cuts += 1
    // In good order, so that what was delivered also arrives.
    for (const socket of this.#sockets) socket.end()
    for (const socket of this.#sockets) setImmediate(() => socket.destroy())
  }
}

/** An idle line's time is lost but for this, in milliseconds: timers are no more exact. */
const slackMs = 5

/** Hands out a line's capacity in the order in which it is asked for. */
class Pace {
  readonly #bytesPerMs: number
  /** Time at which the line is free again. */
  #freeAt = 0
  /** By how much this machine was late the last time: no line stands still for that. */
  #lateMs = 0

  constructor(bytesPerSecond = Infinity) {
    this.#bytesPerMs = bytesPerSecond / 1000
  }

  async take(bytes: number): Promise<void> {
    if (this.#bytesPerMs === Infinity) return
    const now = performance.now()
    this.#freeAt = Math.max(this.#freeAt, now - slackMs - this.#lateMs) + bytes / this.#bytesPerMs
    const until = this.#freeAt
    this.#lateMs = 0
    if (until - now <= 1) return
    await delay(until - now)
    this.#lateMs = Math.max(performance.now() - until, 0)
  }
}
