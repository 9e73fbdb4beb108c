import { userInfo } from 'node:os'

/** Whose process this is, as the operating system has it. */
export interface SystemUser {
  /** Empty for a user id without an entry in the system's list of users, as containers have them. */
  readonly username: string
  readonly uid: number
  readonly gid: number
}

/** Never throws: a name that is only told along must not end a run. */
export function systemUser(): SystemUser {
  try {
    const { username, uid, gid } = userInfo()
    return { username, uid: Math.max(uid, 0), gid: Math.max(gid, 0) } // Windows has -1
  } catch {
    return { username: '', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  }
}
