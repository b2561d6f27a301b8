import GRDB

/// The tables, and how those of earlier versions become those of this one. A migration that was published is never changed, only followed.
///
/// Times are whole milliseconds since 1970.
enum Schema {
    /// - Throws: `ArchiveError` of code `cannotOpen` where a newer Pleura made the file.
    static func migrate(_ pool: DatabasePool) throws {
        if try pool.read(migrations.hasBeenSuperseded) {
            throw ArchiveError(.cannotOpen, "the database was made by a newer Pleura; this one would damage it")
        }
        try migrations.migrate(pool)
    }

    private static var migrations: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            for part in [studies, search, readings, jobs, people, audit] { try db.execute(sql: part) }
        }
        migrator.registerMigration("2") { db in
            for part in [results, clinical] { try db.execute(sql: part) }
        }
        return migrator
    }

    /// Tables and indexes of the latest version, without the index of words, in the order in which they can be made.
    static let tables = [studies, readings, jobs, people, audit, results, clinical]

    // What lists are made by is a narrow table of its own: a search that finds a hundred thousand studies looks at each one's place.
    // `rank` puts a study into the order of the worklist within its status: the due date of an open one, minus the date of signing of a signed one.
    // A patient is no table of its own: what a file says of its patient is the study's, even where another study under the same Patient ID says otherwise.
    private static let studies = """
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
        CREATE INDEX study_of_patient ON study (patient_id, patient_issuer) WHERE patient_id IS NOT NULL;

        CREATE TABLE place (
          study INTEGER PRIMARY KEY REFERENCES study (number),
          status TEXT NOT NULL,
          rank INTEGER NOT NULL,
          finding_count INTEGER NOT NULL
        );
        CREATE INDEX place_order ON place (status, rank);
        CREATE INDEX place_without_finding ON place (status, rank) WHERE finding_count = 0;

        CREATE TABLE study_finding (
          label TEXT NOT NULL,
          status TEXT NOT NULL,
          rank INTEGER NOT NULL,
          study INTEGER NOT NULL REFERENCES study (number),
          PRIMARY KEY (label, status, rank, study)
        ) WITHOUT ROWID;
        CREATE INDEX study_finding_of_study ON study_finding (study, label);

        CREATE TABLE status_count (status TEXT PRIMARY KEY, studies INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TRIGGER study_counted AFTER INSERT ON place BEGIN
          INSERT INTO status_count VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET studies = studies + 1;
        END;
        CREATE TRIGGER study_recounted AFTER UPDATE OF status ON place WHEN new.status <> old.status BEGIN
          UPDATE status_count SET studies = studies - 1 WHERE status = old.status;
          INSERT INTO status_count VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET studies = studies + 1;
        END;

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
        CREATE INDEX instance_of_study ON instance (study);
        """

    // `study.words` holds each word once, folded as the index folds it. Neither places within it nor its length are asked for. Prefixes of the first
    // letters are looked up as words are: numbers often begin alike.
    private static let search = """
        CREATE VIRTUAL TABLE study_words USING fts5(
          words, content = 'study', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4 5 6',
          detail = none, columnsize = 0);
        """

    private static let readings = """
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
        CREATE INDEX reading_of_study ON reading (study, is_person);
        CREATE UNIQUE INDEX reading_of_model ON reading (instance, model_digest) WHERE is_person = 0 AND was_read = 1;
        CREATE INDEX reading_of_instance ON reading (instance) WHERE is_person = 0;
        CREATE TRIGGER reading_is_new BEFORE INSERT ON reading WHEN EXISTS (SELECT 1 FROM reading WHERE id = new.id) BEGIN
          SELECT raise(ABORT, 'readings are never replaced');
        END;
        CREATE TRIGGER reading_stays BEFORE UPDATE ON reading BEGIN SELECT raise(ABORT, 'readings are never changed'); END;
        CREATE TRIGGER reading_is_kept BEFORE DELETE ON reading BEGIN SELECT raise(ABORT, 'readings are never removed'); END;

        CREATE TABLE draft (
          study INTEGER NOT NULL REFERENCES study (number),
          user TEXT NOT NULL,
          based_on INTEGER,
          saved INTEGER NOT NULL,
          content BLOB NOT NULL,
          PRIMARY KEY (study, user)
        );
        """

    private static let jobs = """
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
        CREATE INDEX job_queue ON job (state, kind, due);
        CREATE INDEX job_of_study ON job (study);
        CREATE INDEX job_of_instance ON job (instance);
        """

    // Version 2: what is made of readings for other systems, and what those say of orders and patients.
    private static let results = """
        ALTER TABLE job ADD COLUMN reading INTEGER REFERENCES reading (id);

        CREATE TABLE result_file (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          identifier TEXT NOT NULL UNIQUE,
          kind TEXT NOT NULL,
          study INTEGER NOT NULL REFERENCES study (number),
          reading INTEGER NOT NULL REFERENCES reading (id),
          sop_class_uid TEXT,
          series_instance_uid TEXT,
          size INTEGER NOT NULL,
          digest TEXT NOT NULL,
          made INTEGER NOT NULL
        );
        CREATE INDEX result_file_of_study ON result_file (study);

        CREATE TABLE delivery (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          destination TEXT NOT NULL,
          file INTEGER NOT NULL REFERENCES result_file (number),
          lane TEXT NOT NULL,
          rank INTEGER NOT NULL,
          due INTEGER NOT NULL,
          state TEXT NOT NULL,
          attempts INTEGER NOT NULL,
          next_try INTEGER NOT NULL,
          lease_owner TEXT,
          lease_ends INTEGER,
          last_error TEXT,
          proof TEXT,
          made INTEGER NOT NULL,
          ended INTEGER,
          UNIQUE (destination, file)
        );
        CREATE INDEX delivery_queue ON delivery (destination, state, rank, due, id);
        CREATE INDEX delivery_lane ON delivery (destination, lane, rank, id) WHERE state IN ('waiting', 'running');
        CREATE INDEX delivery_of_file ON delivery (file);
        """

    // An issuer or a text that is not there is an empty one: of two empty values of a key neither would be found again.
    private static let clinical = """
        CREATE TABLE clinical_order (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          key TEXT NOT NULL UNIQUE,
          accession TEXT,
          study_uid TEXT,
          received INTEGER NOT NULL,
          content TEXT NOT NULL
        );
        CREATE INDEX order_by_accession ON clinical_order (accession) WHERE accession IS NOT NULL;
        CREATE INDEX order_by_study ON clinical_order (study_uid) WHERE study_uid IS NOT NULL;
        CREATE INDEX study_by_accession ON study (accession) WHERE accession IS NOT NULL;

        CREATE TABLE patient_merge (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          retired_id TEXT NOT NULL,
          retired_issuer TEXT NOT NULL,
          surviving_id TEXT NOT NULL,
          surviving_issuer TEXT NOT NULL,
          surviving TEXT NOT NULL,
          made INTEGER NOT NULL,
          is_undone INTEGER NOT NULL
        );
        CREATE INDEX merge_of_retired ON patient_merge (retired_id, retired_issuer) WHERE is_undone = 0;

        CREATE TABLE patient_change (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          merge INTEGER REFERENCES patient_merge (id),
          study INTEGER NOT NULL REFERENCES study (number),
          before TEXT NOT NULL,
          after TEXT NOT NULL,
          made INTEGER NOT NULL,
          is_undone INTEGER NOT NULL
        );
        CREATE INDEX change_of_study ON patient_change (study);
        CREATE INDEX change_of_merge ON patient_change (merge) WHERE merge IS NOT NULL;

        CREATE TABLE message (
          sender TEXT NOT NULL,
          control_id TEXT NOT NULL,
          received INTEGER NOT NULL,
          PRIMARY KEY (sender, control_id)
        ) WITHOUT ROWID;
        CREATE INDEX message_by_age ON message (received);
        """

    // A user of a session or a draft need not have an account: on loopback there are none.
    private static let people = """
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
        CREATE INDEX session_of_user ON session (user);
        CREATE TABLE link (token_digest TEXT PRIMARY KEY, ends INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL);
        """

    private static let audit = """
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
        CREATE INDEX audit_of_user ON audit (user);
        CREATE INDEX audit_of_study ON audit (study) WHERE study IS NOT NULL;
        CREATE TRIGGER audit_is_new BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE number = new.number) BEGIN
          SELECT raise(ABORT, 'the audit trail is never replaced');
        END;
        CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit trail is never changed'); END;
        CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit trail is never cut'); END;
        """
}
