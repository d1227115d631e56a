internal import Foundation
internal import GRDB
internal import Media

/// What a collection holds: videos, their segments with exact times and vectors, and labels. SQLite with a write-ahead log;
/// all else of an index is made from it.
///
/// A video is there whole or not at all: what a kill interrupts leaves no trace. Numbers of videos and segments are never
/// given again.
public final class Catalogue: Sendable {
    private let pool: DatabasePool
    /// The file.
    public let path: String
    /// What the index is made with.
    public let settings: IndexSettings

    /// Makes a catalogue in a file that is not there yet.
    /// - Throws: `RetrievalError.catalogue`.
    public convenience init(creating path: String, settings: IndexSettings) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw RetrievalError(.catalogue, "\(path): there is an index already")
        }
        // It has another name until it says how the index is made, lest a kill leave one that does not.
        let made = path + ".new"
        for leftover in [made, made + "-journal"] { IndexFiles.remove(leftover) }
        try Self.guarded(path) {
            let queue = try DatabaseQueue(path: made)
            try Self.migrator.migrate(queue)
            try queue.write { try Self.write(settings, $0) }
            try queue.close()
        }
        try IndexFiles.replace(path, by: made)
        try self.init(opening: path)
    }

    /// Opens the catalogue in a file.
    /// - Throws: `RetrievalError.catalogue` if there is none, or the file is none.
    public init(opening path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw RetrievalError(.catalogue, "\(path): there is no index; 'sora index add' makes one")
        }
        self.path = path
        (pool, settings) = try Self.guarded(path) {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = true
            configuration.busyMode = .timeout(30)
            let pool = try DatabasePool(path: path, configuration: configuration)
            try Self.migrator.migrate(pool)
            let text = try pool.read { try String.fetchOne($0, sql: "SELECT value FROM setting WHERE name = 'index'") }
            guard let text, let settings = try? JSONDecoder().decode(IndexSettings.self, from: Data(text.utf8)) else {
                throw RetrievalError(.catalogue, "\(path): it says nothing of how its index was made; make a new one")
            }
            return (pool, settings)
        }
    }

    private static func write(_ settings: IndexSettings, _ db: Database) throws {
        let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        try db.execute(sql: "INSERT OR REPLACE INTO setting (name, value) VALUES ('index', ?)", arguments: [text])
    }

    /// The schema, by versions.
    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
                    CREATE TABLE video (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
                        modified INTEGER NOT NULL, digest INTEGER NOT NULL, duration REAL NOT NULL,
                        width INTEGER NOT NULL, height INTEGER NOT NULL, rate REAL NOT NULL, codec TEXT NOT NULL,
                        damaged INTEGER NOT NULL, traceRate REAL NOT NULL, traceTimes BLOB NOT NULL,
                        traceDimensions INTEGER NOT NULL, traceViews INTEGER NOT NULL, traceValues BLOB NOT NULL);
                    CREATE INDEX videoDigest ON video (digest);
                    CREATE TABLE segment (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        video INTEGER NOT NULL REFERENCES video (id) ON DELETE CASCADE,
                        startValue INTEGER NOT NULL, startScale INTEGER NOT NULL,
                        endValue INTEGER NOT NULL, endScale INTEGER NOT NULL, vector BLOB NOT NULL);
                    CREATE INDEX segmentVideo ON segment (video);
                    CREATE TABLE label (
                        segment INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE, name TEXT NOT NULL,
                        isGiven INTEGER NOT NULL, probability REAL NOT NULL, PRIMARY KEY (segment, name));
                    CREATE INDEX labelName ON label (name);
                    """)
        }
        return migrator
    }

    /// Errors of the library, told as ours.
    static func guarded<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as DatabaseError {
            throw RetrievalError(
                .catalogue, "\(path): \(error.message ?? "it is no catalogue") (SQLite \(error.resultCode))")
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try Self.guarded(path) { try pool.read(body) }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try Self.guarded(path) { try pool.write(body) }
    }
}
