import { chatsService } from './chats/service.ts'
import { calendarService } from './calendar/index.ts'
import { driveService } from './drive/index.ts'
import { onenoteService } from './onenote/service.ts'
import { profileService } from './profile/service.ts'
import { mailboxSettingsService } from './mailbox-settings/service.ts'
import { contactsService } from './contacts/service.ts'
import { todoService } from './todo/service.ts'
import { plannerService } from './planner/service.ts'
import { listsService } from './lists/service.ts'
import { conversationsService } from './conversations/service.ts'
import { groupsService } from './groups/service.ts'
import { sitesService } from './sites/index.ts'
import { teamsService } from './teams/service.ts'
import type { Service } from './service.ts'

/** All services beside users and mail: one line each. */
export const services: readonly Service[] = [
  calendarService,
  todoService,
  plannerService,
  chatsService,
  onenoteService,
  contactsService,
  mailboxSettingsService,
  profileService,
  driveService,
  sitesService,
  groupsService,
  conversationsService,
  teamsService,
  listsService,
]
