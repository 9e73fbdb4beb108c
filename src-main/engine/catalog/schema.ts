/** "HfCt": marks the file as a Holdfast catalog. */
export const APPLICATION_ID = 0x48664374

/** Grows with every change of the schema or of what a column means: an older file is rebuilt, not migrated. */
export const SCHEMA_VERSION = 3

/** Bytes. Rows of items are some 500 bytes, full-text pages are large. */
export const PAGE_SIZE = 8192

/**
 * Bytes of text that the full-text index gathers before it writes a segment. 16 times SQLite's default: on 500,000
 * mails that is a third less time.
 */
const TEXT_GATHERED = 16 * 1024 * 1024

/**
 * Versions (`*_version`, item, failure) are valid from first_seq to last_seq (null: still). last_seq = first_seq - 1:
 * added and taken away by the same run, kept until it finishes.
 *
 * Keys of items only grow (AUTOINCREMENT): a listing tells what came after it began by the key.
 */
const TABLES = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE series (key INTEGER PRIMARY KEY, host TEXT NOT NULL, paths TEXT NOT NULL, UNIQUE (host, paths));

-- id and tree are null while the run is under way.
CREATE TABLE snapshot (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  series INTEGER NOT NULL,
  id BLOB UNIQUE,
  time INTEGER NOT NULL,
  tree BLOB
);

CREATE TABLE root (key INTEGER PRIMARY KEY, series INTEGER NOT NULL, graph_id TEXT NOT NULL, UNIQUE (series, graph_id));
CREATE TABLE root_version (
  key INTEGER PRIMARY KEY,
  root INTEGER NOT NULL,
  path TEXT NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER
);

CREATE TABLE container (
  key INTEGER PRIMARY KEY,
  root INTEGER NOT NULL,
  type TEXT NOT NULL,
  graph_id TEXT NOT NULL,
  cursor TEXT,
  cursor_seq INTEGER,
  next TEXT,
  done_in INTEGER,
  listing_from INTEGER,
  UNIQUE (root, type, graph_id)
);
CREATE TABLE container_version (
  key INTEGER PRIMARY KEY,
  container INTEGER NOT NULL,
  root INTEGER NOT NULL,
  type TEXT NOT NULL,
  parent TEXT,
  parent_path TEXT NOT NULL,
  dir_name TEXT NOT NULL,
  properties TEXT NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER
);

CREATE TABLE item (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id_hash INTEGER NOT NULL,
  container INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER,
  text_key INTEGER,
  time INTEGER NOT NULL,
  size INTEGER NOT NULL,
  has_attachments INTEGER NOT NULL,
  metadata_size INTEGER NOT NULL,
  shard TEXT NOT NULL,
  name TEXT NOT NULL,
  graph_id TEXT NOT NULL,
  change_key TEXT NOT NULL,
  title TEXT NOT NULL,
  sender TEXT NOT NULL,
  recipients TEXT NOT NULL,
  metadata BLOB NOT NULL,
  content BLOB,
  parts TEXT
);

-- Items marked during a full listing of a container; those put after it began need no mark.
CREATE TABLE seen (container INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (container, item)) WITHOUT ROWID;

CREATE TABLE failure (
  key INTEGER PRIMARY KEY,
  root INTEGER NOT NULL,
  type TEXT NOT NULL,
  graph_id TEXT NOT NULL,
  container TEXT NOT NULL,
  code TEXT NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER
);

CREATE VIRTUAL TABLE text USING fts5 (
  title, sender, recipients, body,
  content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO text (text, rank) VALUES ('hashsize', ${TEXT_GATHERED});
`

/**
 * item_text and item_time hold all that `find` filters and sorts by, so that it reads only the rows of the page. The
 * four orders of `page` (item_newest, item_title, item_sender, item_size) do the same for a container, from whichever
 * offset; of texts their beginnings are enough.
 */
const INDEXES = `
CREATE UNIQUE INDEX snapshot_run ON snapshot (series) WHERE id IS NULL;
CREATE INDEX snapshot_series ON snapshot (series);
CREATE INDEX root_version_root ON root_version (root);
CREATE INDEX container_version_container ON container_version (container);
CREATE INDEX container_version_place ON container_version (root, type, parent_path, dir_name);
CREATE INDEX container_version_parent ON container_version (root, type, parent);
CREATE INDEX container_version_first ON container_version (first_seq);
CREATE INDEX container_version_last ON container_version (last_seq) WHERE last_seq IS NOT NULL;
CREATE INDEX item_id ON item (id_hash);
CREATE INDEX item_newest ON item (container, time, first_seq, last_seq);
CREATE INDEX item_title ON item (container, substr(title, 1, 24) COLLATE NOCASE, time DESC, first_seq, last_seq);
CREATE INDEX item_sender ON item (container, substr(sender, 1, 24) COLLATE NOCASE, time DESC, first_seq, last_seq);
CREATE INDEX item_size ON item (container, size, time, first_seq, last_seq);
CREATE INDEX item_place ON item (container, shard, name, first_seq, last_seq);
CREATE INDEX item_first ON item (first_seq, container, shard, last_seq);
CREATE INDEX item_last ON item (last_seq, container, shard, first_seq) WHERE last_seq IS NOT NULL;
CREATE INDEX item_text ON item (text_key, time, has_attachments, container, first_seq, last_seq)
  WHERE text_key IS NOT NULL;
CREATE INDEX item_time ON item (time, key, text_key, has_attachments, container, first_seq, last_seq);
CREATE INDEX failure_item ON failure (root, type, graph_id);
CREATE INDEX failure_last ON failure (last_seq) WHERE last_seq IS NOT NULL;
`

export const SCHEMA = TABLES + INDEXES

/**
 * Private to a connection, in memory, of the search that was last asked for: `hit` has keys of texts that it met,
 * `inside` in which snapshots a container was in its folder (shard: only items of that one; '' for all).
 */
export const TEMPORARY = `
CREATE TEMP TABLE hit (key INTEGER PRIMARY KEY);
CREATE TEMP TABLE inside (
  container INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  shard TEXT NOT NULL,
  PRIMARY KEY (container, first_seq, last_seq, shard)
) WITHOUT ROWID;
`

/** Tables whose rows are versions, and which of their rows belong to a series (a parameter). */
export const VERSIONED = [
  { table: 'root_version', ofSeries: 'root IN (SELECT key FROM root WHERE series = ?)' },
  { table: 'container_version', ofSeries: 'root IN (SELECT key FROM root WHERE series = ?)' },
  { table: 'failure', ofSeries: 'root IN (SELECT key FROM root WHERE series = ?)' },
  {
    table: 'item',
    ofSeries:
      'container IN (SELECT container.key FROM container JOIN root ON root.key = container.root WHERE root.series = ?)',
  },
] as const
