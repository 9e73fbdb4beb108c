const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
const STEP = 1024

/** Bytes as people read them: "0 B", "1.5 KiB", "120 MiB". */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP
    unit++
  }
  // 1023.96 KiB would be rounded to "1024.0 KiB".
  if (unit > 0 && unit < UNITS.length - 1 && Math.round(value) >= STEP) {
    value /= STEP
    unit++
  }
  return `${formatValue(value, unit)} ${UNITS[unit] ?? ''}`
}

function formatValue(value: number, unit: number): string {
  if (unit === 0) return String(Math.round(value))
  return value < 100 ? value.toFixed(1) : String(Math.round(value))
}

/** A whole number with its thousands apart: "12,345". */
export function formatNumber(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** A number and what is counted: "1 item", "2,345 items". */
export function formatCount(value: number, one: string, many = `${one}s`): string {
  return `${formatNumber(value)} ${value === 1 ? one : many}`
}

/** A length of time from milliseconds: "0.4 s", "12 s", "3 min 5 s", "2 h 10 min". */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${formatNumber(Math.floor(minutes / 60))} h ${minutes % 60} min`
}

/** A moment in this machine's time zone: "2026-03-05 14:07". */
export function formatMoment(milliseconds: number): string {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return 'unknown time'
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-')
  return `${day} ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
