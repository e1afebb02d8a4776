-- The tables of the storage. Their shape is a file format: a change raises FORMAT in store.py.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE specs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    texts TEXT NOT NULL,
    scope TEXT NOT NULL,
    featured INTEGER NOT NULL,
    tenants TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE UNIQUE INDEX spec_names ON specs (tenant, kind, name) WHERE deleted = 0;

CREATE TABLE artifacts (
    id TEXT PRIMARY KEY,
    spec_id TEXT NOT NULL REFERENCES specs (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    files TEXT NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (spec_id, version)
);

CREATE TABLE releases (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    spec_id TEXT NOT NULL REFERENCES specs (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    notes TEXT,
    auto_run INTEGER NOT NULL,
    config TEXT NOT NULL,
    parameters TEXT NOT NULL,
    artifact_id TEXT REFERENCES artifacts (id),
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (spec_id, version)
);

CREATE TABLE deployments (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    texts TEXT NOT NULL,
    spec_id TEXT NOT NULL REFERENCES specs (id),
    resource_id TEXT NOT NULL,
    live INTEGER,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE UNIQUE INDEX deployment_names ON deployments (tenant, kind, name);
CREATE INDEX deployment_specs ON deployments (spec_id);

CREATE TABLE revisions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    deployment_id TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    release_id TEXT NOT NULL REFERENCES releases (id),
    notes TEXT,
    status TEXT NOT NULL,
    build TEXT NOT NULL,
    run TEXT NOT NULL,
    errors TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (deployment_id, number)
);

CREATE TABLE statuses (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    revision_id TEXT NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX status_revisions ON statuses (revision_id);

CREATE TABLE rollouts (
    deployment_id TEXT PRIMARY KEY REFERENCES deployments (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    steps TEXT NOT NULL,
    errors TEXT NOT NULL,
    pacing TEXT NOT NULL,
    due_at REAL,
    reads_left INTEGER
);
