import Activity from '@lucide/svelte/icons/activity'
import Anchor from '@lucide/svelte/icons/anchor'
import ArrowDown from '@lucide/svelte/icons/arrow-down'
import ArrowLeft from '@lucide/svelte/icons/arrow-left'
import ArrowRight from '@lucide/svelte/icons/arrow-right'
import ArrowUp from '@lucide/svelte/icons/arrow-up'
import ArrowUpDown from '@lucide/svelte/icons/arrow-up-down'
import Battery from '@lucide/svelte/icons/battery'
import Bell from '@lucide/svelte/icons/bell'
import BellOff from '@lucide/svelte/icons/bell-off'
import BookOpen from '@lucide/svelte/icons/book-open'
import Bug from '@lucide/svelte/icons/bug'
import Building from '@lucide/svelte/icons/building'
import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import CalendarDays from '@lucide/svelte/icons/calendar-days'
import ChartLine from '@lucide/svelte/icons/chart-line'
import Check from '@lucide/svelte/icons/check'
import ChevronDown from '@lucide/svelte/icons/chevron-down'
import ChevronLeft from '@lucide/svelte/icons/chevron-left'
import ChevronRight from '@lucide/svelte/icons/chevron-right'
import ChevronUp from '@lucide/svelte/icons/chevron-up'
import Circle from '@lucide/svelte/icons/circle'
import CircleCheck from '@lucide/svelte/icons/circle-check'
import CircleDashed from '@lucide/svelte/icons/circle-dashed'
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark'
import CircleX from '@lucide/svelte/icons/circle-x'
import Clock from '@lucide/svelte/icons/clock'
import Cloud from '@lucide/svelte/icons/cloud'
import Columns2 from '@lucide/svelte/icons/columns-2'
import Contact from '@lucide/svelte/icons/contact'
import Copy from '@lucide/svelte/icons/copy'
import CreditCard from '@lucide/svelte/icons/credit-card'
import Database from '@lucide/svelte/icons/database'
import Download from '@lucide/svelte/icons/download'
import Ellipsis from '@lucide/svelte/icons/ellipsis'
import EllipsisVertical from '@lucide/svelte/icons/ellipsis-vertical'
import ExternalLink from '@lucide/svelte/icons/external-link'
import Eye from '@lucide/svelte/icons/eye'
import EyeOff from '@lucide/svelte/icons/eye-off'
import File from '@lucide/svelte/icons/file'
import FileArchive from '@lucide/svelte/icons/file-archive'
import FileSearch from '@lucide/svelte/icons/file-search'
import FileSpreadsheet from '@lucide/svelte/icons/file-spreadsheet'
import FileText from '@lucide/svelte/icons/file-text'
import Flag from '@lucide/svelte/icons/flag'
import Folder from '@lucide/svelte/icons/folder'
import FolderOpen from '@lucide/svelte/icons/folder-open'
import FolderSearch from '@lucide/svelte/icons/folder-search'
import FolderTree from '@lucide/svelte/icons/folder-tree'
import Funnel from '@lucide/svelte/icons/funnel'
import Gauge from '@lucide/svelte/icons/gauge'
import GitCompare from '@lucide/svelte/icons/git-compare'
import Globe from '@lucide/svelte/icons/globe'
import HardDrive from '@lucide/svelte/icons/hard-drive'
import Hash from '@lucide/svelte/icons/hash'
import House from '@lucide/svelte/icons/house'
import IdCard from '@lucide/svelte/icons/id-card'
import Image from '@lucide/svelte/icons/image'
import Inbox from '@lucide/svelte/icons/inbox'
import Info from '@lucide/svelte/icons/info'
import Kanban from '@lucide/svelte/icons/kanban'
import Key from '@lucide/svelte/icons/key'
import LayoutGrid from '@lucide/svelte/icons/layout-grid'
import Library from '@lucide/svelte/icons/library'
import LifeBuoy from '@lucide/svelte/icons/life-buoy'
import Link from '@lucide/svelte/icons/link'
import List from '@lucide/svelte/icons/list'
import ListChecks from '@lucide/svelte/icons/list-checks'
import Lock from '@lucide/svelte/icons/lock'
import LockOpen from '@lucide/svelte/icons/lock-open'
import LogIn from '@lucide/svelte/icons/log-in'
import LogOut from '@lucide/svelte/icons/log-out'
import Mail from '@lucide/svelte/icons/mail'
import MessageSquare from '@lucide/svelte/icons/message-square'
import Minus from '@lucide/svelte/icons/minus'
import Monitor from '@lucide/svelte/icons/monitor'
import Moon from '@lucide/svelte/icons/moon'
import Music from '@lucide/svelte/icons/music'
import Notebook from '@lucide/svelte/icons/notebook'
import PanelLeft from '@lucide/svelte/icons/panel-left'
import Paperclip from '@lucide/svelte/icons/paperclip'
import Pause from '@lucide/svelte/icons/pause'
import Pencil from '@lucide/svelte/icons/pencil'
import Play from '@lucide/svelte/icons/play'
import Plus from '@lucide/svelte/icons/plus'
import Power from '@lucide/svelte/icons/power'
import Printer from '@lucide/svelte/icons/printer'
import RefreshCw from '@lucide/svelte/icons/refresh-cw'
import RotateCcw from '@lucide/svelte/icons/rotate-ccw'
import RotateCcwClock from '@lucide/svelte/icons/rotate-ccw-clock'
import Save from '@lucide/svelte/icons/save'
import ScrollText from '@lucide/svelte/icons/scroll-text'
import Search from '@lucide/svelte/icons/search'
import Send from '@lucide/svelte/icons/send'
import Server from '@lucide/svelte/icons/server'
import Settings from '@lucide/svelte/icons/settings'
import Shield from '@lucide/svelte/icons/shield'
import ShieldAlert from '@lucide/svelte/icons/shield-alert'
import ShieldCheck from '@lucide/svelte/icons/shield-check'
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal'
import Square from '@lucide/svelte/icons/square'
import SquareCheckBig from '@lucide/svelte/icons/square-check-big'
import Star from '@lucide/svelte/icons/star'
import StickyNote from '@lucide/svelte/icons/sticky-note'
import Sun from '@lucide/svelte/icons/sun'
import SunMoon from '@lucide/svelte/icons/sun-moon'
import Tag from '@lucide/svelte/icons/tag'
import Terminal from '@lucide/svelte/icons/terminal'
import Trash from '@lucide/svelte/icons/trash'
import TriangleAlert from '@lucide/svelte/icons/triangle-alert'
import Upload from '@lucide/svelte/icons/upload'
import User from '@lucide/svelte/icons/user'
import UserRound from '@lucide/svelte/icons/user-round'
import Users from '@lucide/svelte/icons/users'
import Video from '@lucide/svelte/icons/video'
import WifiOff from '@lucide/svelte/icons/wifi-off'
import X from '@lucide/svelte/icons/x'
import Zap from '@lucide/svelte/icons/zap'

/** The icons of the window by what they mean here, so that one thing keeps one picture. */
export const icons = {
  account: UserRound,
  accounts: Users,
  activity: Activity,
  anchor: Anchor,
  'arrow-down': ArrowDown,
  'arrow-left': ArrowLeft,
  'arrow-right': ArrowRight,
  'arrow-up': ArrowUp,
  attachment: Paperclip,
  attention: TriangleAlert,
  battery: Battery,
  bell: Bell,
  'bell-off': BellOff,
  board: Kanban,
  book: BookOpen,
  bug: Bug,
  building: Building,
  calendar: CalendarDays,
  'calendar-clock': CalendarClock,
  card: CreditCard,
  chart: ChartLine,
  chat: MessageSquare,
  check: Check,
  'check-circle': CircleCheck,
  'chevron-down': ChevronDown,
  'chevron-left': ChevronLeft,
  'chevron-right': ChevronRight,
  'chevron-up': ChevronUp,
  circle: Circle,
  'circle-dashed': CircleDashed,
  clock: Clock,
  close: X,
  cloud: Cloud,
  columns: Columns2,
  compare: GitCompare,
  contact: Contact,
  copy: Copy,
  database: Database,
  download: Download,
  drive: HardDrive,
  edit: Pencil,
  error: CircleX,
  external: ExternalLink,
  eye: Eye,
  'eye-off': EyeOff,
  file: File,
  'file-archive': FileArchive,
  'file-search': FileSearch,
  'file-sheet': FileSpreadsheet,
  'file-text': FileText,
  filter: Funnel,
  flag: Flag,
  folder: Folder,
  'folder-open': FolderOpen,
  'folder-search': FolderSearch,
  'folder-tree': FolderTree,
  gauge: Gauge,
  globe: Globe,
  grid: LayoutGrid,
  group: Users,
  hash: Hash,
  help: CircleQuestionMark,
  history: RotateCcwClock,
  home: House,
  'id-card': IdCard,
  image: Image,
  inbox: Inbox,
  info: Info,
  key: Key,
  library: Library,
  'life-buoy': LifeBuoy,
  link: Link,
  list: List,
  'list-checks': ListChecks,
  lock: Lock,
  mail: Mail,
  minus: Minus,
  monitor: Monitor,
  moon: Moon,
  more: Ellipsis,
  'more-vertical': EllipsisVertical,
  music: Music,
  note: StickyNote,
  notebook: Notebook,
  offline: WifiOff,
  panel: PanelLeft,
  pause: Pause,
  plan: CalendarClock,
  play: Play,
  plus: Plus,
  power: Power,
  print: Printer,
  refresh: RefreshCw,
  report: ScrollText,
  restore: RotateCcw,
  run: Activity,
  save: Save,
  search: Search,
  send: Send,
  server: Server,
  settings: Settings,
  shield: Shield,
  'shield-alert': ShieldAlert,
  'shield-check': ShieldCheck,
  'sign-in': LogIn,
  'sign-out': LogOut,
  sliders: SlidersHorizontal,
  sort: ArrowUpDown,
  star: Star,
  stop: Square,
  sun: Sun,
  'sun-moon': SunMoon,
  tag: Tag,
  task: SquareCheckBig,
  terminal: Terminal,
  trash: Trash,
  unlock: LockOpen,
  upload: Upload,
  user: User,
  video: Video,
  zap: Zap,
} as const

export type IconName = keyof typeof icons
