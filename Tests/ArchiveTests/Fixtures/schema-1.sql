-- A database of schema version 1, as Pleura first wrote it: three studies, one read, one signed. Never change it.

CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
CREATE TABLE study (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  uid TEXT NOT NULL,
  patient_name TEXT,
  patient_id TEXT,
  patient_issuer TEXT,
  patient_birth_date TEXT,
  patient_sex TEXT,
  patient_age REAL,
  study_date TEXT,
  accession TEXT,
  description TEXT,
  received INTEGER NOT NULL,
  urgency TEXT NOT NULL,
  protocol TEXT NOT NULL,
  due INTEGER NOT NULL,
  due_class TEXT NOT NULL,
  findings TEXT NOT NULL,
  failure TEXT,
  modality TEXT,
  views TEXT NOT NULL,
  instance_count INTEGER NOT NULL,
  first_instance TEXT,
  signed_by TEXT,
  signed INTEGER,
  revision INTEGER,
  words TEXT NOT NULL
);
CREATE TABLE place (
  study INTEGER PRIMARY KEY REFERENCES study (number),
  status TEXT NOT NULL,
  rank INTEGER NOT NULL,
  finding_count INTEGER NOT NULL
);
CREATE TABLE study_finding (
  label TEXT NOT NULL,
  status TEXT NOT NULL,
  rank INTEGER NOT NULL,
  study INTEGER NOT NULL REFERENCES study (number),
  PRIMARY KEY (label, status, rank, study)
) WITHOUT ROWID;
CREATE TABLE status_count (status TEXT PRIMARY KEY, studies INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE instance (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  study INTEGER NOT NULL REFERENCES study (number),
  sop_instance_uid TEXT NOT NULL UNIQUE,
  sop_class_uid TEXT,
  series_instance_uid TEXT NOT NULL,
  name TEXT NOT NULL,
  format TEXT NOT NULL,
  modality TEXT,
  view TEXT,
  laterality TEXT,
  body_part TEXT,
  orientation TEXT,
  columns INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  size INTEGER NOT NULL,
  digest TEXT NOT NULL,
  received INTEGER NOT NULL
);
CREATE VIRTUAL TABLE study_words USING fts5(
  words, content = 'study', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4 5 6',
  detail = none, columnsize = 0);
CREATE TABLE reading (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  study INTEGER NOT NULL REFERENCES study (number),
  instance INTEGER REFERENCES instance (number),
  is_person INTEGER NOT NULL,
  reader TEXT NOT NULL,
  model_version TEXT,
  model_digest TEXT,
  model_precision TEXT,
  status TEXT NOT NULL,
  made INTEGER NOT NULL,
  based_on INTEGER,
  was_read INTEGER NOT NULL,
  content TEXT NOT NULL
);
CREATE TABLE draft (
  study INTEGER NOT NULL REFERENCES study (number),
  user TEXT NOT NULL,
  based_on INTEGER,
  saved INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (study, user)
);
CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  study INTEGER NOT NULL REFERENCES study (number),
  instance INTEGER REFERENCES instance (number),
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due INTEGER NOT NULL,
  next_try INTEGER NOT NULL,
  lease_owner TEXT,
  lease_ends INTEGER,
  last_error TEXT,
  made INTEGER NOT NULL
);
CREATE TABLE user (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  is_disabled INTEGER NOT NULL,
  made INTEGER NOT NULL,
  last_login INTEGER
) WITHOUT ROWID;
CREATE TABLE session (
  token_digest TEXT PRIMARY KEY,
  user TEXT NOT NULL,
  role TEXT NOT NULL,
  began INTEGER NOT NULL,
  last_used INTEGER NOT NULL,
  ends INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE link (token_digest TEXT PRIMARY KEY, ends INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  user TEXT NOT NULL,
  action TEXT NOT NULL,
  study TEXT,
  detail TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
INSERT INTO grdb_migrations (identifier) VALUES ('1');
INSERT INTO study (number, id, uid, patient_name, patient_id, patient_issuer, patient_birth_date, patient_sex, patient_age, study_date, accession, description, received, urgency, protocol, due, due_class, findings, failure, modality, views, instance_count, first_instance, signed_by, signed, revision, words) VALUES (1, '3170f1ab0776a18aa82320717def99ed', '1.2.826.0', 'SECRET^NAME', 'ID0', NULL, NULL, NULL, 50.0, '2026-11-30', 'A', 'CHEST', 1790000000000, 'routine', 'standard', 1790007200000, 'Mass', '[{"count":1,"label":"Mass","score":1}]', NULL, 'DX', '["PA"]', 1, 'ce1566b01c592555b4e209e0976611f9', 'ann', 1790000020000, 2, 'secret name id0 a chest image 0 dcm');
INSERT INTO study (number, id, uid, patient_name, patient_id, patient_issuer, patient_birth_date, patient_sex, patient_age, study_date, accession, description, received, urgency, protocol, due, due_class, findings, failure, modality, views, instance_count, first_instance, signed_by, signed, revision, words) VALUES (2, 'b9d334cde24ed9ada8e0d50ac1e645fe', '1.2.826.1', 'SECRET^NAME', 'ID1', NULL, NULL, NULL, 50.0, '2026-11-30', 'A', 'CHEST', 1790000001000, 'routine', 'standard', 1790007201000, 'Mass', '[{"count":1,"label":"Mass","score":0.5}]', NULL, 'DX', '["PA"]', 1, 'ca1e639f3e3d58ddd9e94b6d27ee50fa', NULL, NULL, 3, 'secret name id1 a chest image 1 dcm');
INSERT INTO study (number, id, uid, patient_name, patient_id, patient_issuer, patient_birth_date, patient_sex, patient_age, study_date, accession, description, received, urgency, protocol, due, due_class, findings, failure, modality, views, instance_count, first_instance, signed_by, signed, revision, words) VALUES (3, '86d99096958f410a6ff0bf68a3827a8f', '1.2.826.2', 'SECRET^NAME', 'ID2', NULL, NULL, NULL, 50.0, '2026-11-30', 'A', 'CHEST', 1790000002000, 'routine', 'standard', 1790001802000, 'waiting', '[]', NULL, 'DX', '["PA"]', 1, 'eaa20eb82c7532c2578560560d5aed0f', NULL, NULL, NULL, 'secret name id2 a chest image 2 dcm');
INSERT INTO place (study, status, rank, finding_count) VALUES (1, 'signed', -1790000020000, 1);
INSERT INTO place (study, status, rank, finding_count) VALUES (2, 'read', 1790007201000, 1);
INSERT INTO place (study, status, rank, finding_count) VALUES (3, 'waiting', 1790001802000, 0);
INSERT INTO study_finding (label, status, rank, study) VALUES ('Mass', 'signed', -1790000020000, 1);
INSERT INTO study_finding (label, status, rank, study) VALUES ('Mass', 'read', 1790007201000, 2);
INSERT INTO status_count (status, studies) VALUES ('read', 1);
INSERT INTO status_count (status, studies) VALUES ('signed', 1);
INSERT INTO status_count (status, studies) VALUES ('waiting', 1);
INSERT INTO instance (number, id, study, sop_instance_uid, sop_class_uid, series_instance_uid, name, format, modality, view, laterality, body_part, columns, rows, frames, size, digest, received) VALUES (1, 'ce1566b01c592555b4e209e0976611f9', 1, '1.2.3.0', '1.2.840.1', '1.2.826.0.1', 'image 0.dcm', 'DICOM', 'DX', 'PA', 'R', 'CHEST', 2000, 3000, 1, 1234, '75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4', 1790000000000);
INSERT INTO instance (number, id, study, sop_instance_uid, sop_class_uid, series_instance_uid, name, format, modality, view, laterality, body_part, columns, rows, frames, size, digest, received) VALUES (2, 'ca1e639f3e3d58ddd9e94b6d27ee50fa', 2, '1.2.3.1', '1.2.840.1', '1.2.826.1.1', 'image 1.dcm', 'DICOM', 'DX', 'PA', 'R', 'CHEST', 2000, 3000, 1, 1234, 'd1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f', 1790000001000);
INSERT INTO instance (number, id, study, sop_instance_uid, sop_class_uid, series_instance_uid, name, format, modality, view, laterality, body_part, columns, rows, frames, size, digest, received) VALUES (3, 'eaa20eb82c7532c2578560560d5aed0f', 3, '1.2.3.2', '1.2.840.1', '1.2.826.2.1', 'image 2.dcm', 'DICOM', 'DX', 'PA', 'R', 'CHEST', 2000, 3000, 1, 1234, '9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d', 1790000002000);
INSERT INTO reading (id, study, instance, is_person, reader, model_version, model_digest, model_precision, status, made, based_on, was_read, content) VALUES (1, 1, 1, 0, 'screen', '2', 'd1', 'bf16', 'preliminary', 1790000010000, NULL, 1, '{"findings":[{"box":[1,2,3.5,4],"id":"1","label":"Mass","score":0.5}],"warning_codes":[],"warnings":[]}');
INSERT INTO reading (id, study, instance, is_person, reader, model_version, model_digest, model_precision, status, made, based_on, was_read, content) VALUES (2, 1, NULL, 1, 'ann', NULL, NULL, NULL, 'final', 1790000020000, 1, 1, '{"comment":"seen","complete":true,"findings":[{"box":[1,2,3.5,4],"id":"1","label":"Mass","score":1}],"warning_codes":[],"warnings":[]}');
INSERT INTO reading (id, study, instance, is_person, reader, model_version, model_digest, model_precision, status, made, based_on, was_read, content) VALUES (3, 2, 2, 0, 'screen', '2', 'd1', 'bf16', 'preliminary', 1790000010000, NULL, 1, '{"findings":[{"box":[1,2,3.5,4],"id":"1","label":"Mass","score":0.5}],"warning_codes":[],"warnings":[]}');
INSERT INTO draft (study, user, based_on, saved, content) VALUES (2, 'ann', NULL, 1790000001000, x'7b7d');
INSERT INTO job (id, kind, study, instance, state, attempts, due, next_try, lease_owner, lease_ends, last_error, made) VALUES (1, 'read', 1, 1, 'done', 1, 1790001800000, 1790000000000, NULL, NULL, NULL, 1790000000000);
INSERT INTO job (id, kind, study, instance, state, attempts, due, next_try, lease_owner, lease_ends, last_error, made) VALUES (2, 'read', 2, 2, 'done', 1, 1790001801000, 1790000001000, NULL, NULL, NULL, 1790000001000);
INSERT INTO job (id, kind, study, instance, state, attempts, due, next_try, lease_owner, lease_ends, last_error, made) VALUES (3, 'read', 3, 3, 'waiting', 0, 1790001802000, 1790000002000, NULL, NULL, NULL, 1790000002000);
INSERT INTO user (name, role, password_hash, is_disabled, made, last_login) VALUES ('ann', 'administrator', 'h', 0, 1790000000000, NULL);
INSERT INTO setting (name, value) VALUES ('site', x'7b7d');
INSERT INTO audit (number, time, user, action, study, detail, previous_hash, hash) VALUES (1, 1790000001000, 'ann', 'study.view', 'b9d334cde24ed9ada8e0d50ac1e645fe', 'entry 1', '0000000000000000000000000000000000000000000000000000000000000000', 'c6f3334c98f7cd29c80ad8f3a0e017af4bd2e83b80887da6bb4d3b8df6be0cef');
INSERT INTO audit (number, time, user, action, study, detail, previous_hash, hash) VALUES (2, 1790000002000, 'ann', 'study.view', 'b9d334cde24ed9ada8e0d50ac1e645fe', 'entry 2', 'c6f3334c98f7cd29c80ad8f3a0e017af4bd2e83b80887da6bb4d3b8df6be0cef', '6576c6c83b992cfa111cbe51c39e0554699484b2baaee32ae2c7069dc88ab5fc');
INSERT INTO audit (number, time, user, action, study, detail, previous_hash, hash) VALUES (3, 1790000003000, 'ann', 'study.view', 'b9d334cde24ed9ada8e0d50ac1e645fe', 'entry 3', '6576c6c83b992cfa111cbe51c39e0554699484b2baaee32ae2c7069dc88ab5fc', 'd04afe8d02b5728889705af665d68c44764b3ac620f2207684a0aa2c9d09b8c9');
INSERT INTO study_words (study_words) VALUES ('rebuild');
CREATE INDEX study_of_patient ON study (patient_id, patient_issuer) WHERE patient_id IS NOT NULL;
CREATE INDEX place_order ON place (status, rank);
CREATE INDEX place_without_finding ON place (status, rank) WHERE finding_count = 0;
CREATE INDEX study_finding_of_study ON study_finding (study, label);
CREATE TRIGGER study_counted AFTER INSERT ON place BEGIN
  INSERT INTO status_count VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET studies = studies + 1;
END;
CREATE TRIGGER study_recounted AFTER UPDATE OF status ON place WHEN new.status <> old.status BEGIN
  UPDATE status_count SET studies = studies - 1 WHERE status = old.status;
  INSERT INTO status_count VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET studies = studies + 1;
END;
CREATE INDEX instance_of_study ON instance (study);
CREATE INDEX reading_of_study ON reading (study, is_person);
CREATE UNIQUE INDEX reading_of_model ON reading (instance, model_digest) WHERE is_person = 0 AND was_read = 1;
CREATE INDEX reading_of_instance ON reading (instance) WHERE is_person = 0;
CREATE TRIGGER reading_is_new BEFORE INSERT ON reading WHEN EXISTS (SELECT 1 FROM reading WHERE id = new.id) BEGIN
  SELECT raise(ABORT, 'readings are never replaced');
END;
CREATE TRIGGER reading_stays BEFORE UPDATE ON reading BEGIN SELECT raise(ABORT, 'readings are never changed'); END;
CREATE TRIGGER reading_is_kept BEFORE DELETE ON reading BEGIN SELECT raise(ABORT, 'readings are never removed'); END;
CREATE INDEX job_queue ON job (state, kind, due);
CREATE INDEX job_of_study ON job (study);
CREATE INDEX job_of_instance ON job (instance);
CREATE INDEX session_of_user ON session (user);
CREATE INDEX audit_of_user ON audit (user);
CREATE INDEX audit_of_study ON audit (study) WHERE study IS NOT NULL;
CREATE TRIGGER audit_is_new BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE number = new.number) BEGIN
  SELECT raise(ABORT, 'the audit trail is never replaced');
END;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit trail is never cut'); END;
