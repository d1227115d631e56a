internal import GRDB

/// Whether the parts of an index go together.
public struct IndexCheck: Sendable {
    /// What is wrong, in words; empty where nothing is.
    public private(set) var faults: [String] = []
    /// How many the catalogue holds.
    public let videos: Int
    /// And of how many segments.
    public let segments: Int

    /// Looks at all of an index: SQLite's own checks of the catalogue; that each video has segments in order, with vectors as
    /// long as they should be; and that the vectors' file has each segment's, once.
    /// - Throws: `RetrievalError` if it cannot be opened.
    /// - Cost: reads all of it.
    public init(of folder: String) throws {
        let index = try SearchIndex(opening: folder)
        let catalogue = index.catalogue
        (videos, segments) = (try catalogue.videoCount(), try catalogue.segmentCount())
        faults += try catalogue.faults()
        let size = catalogue.settings.dimensions * MemoryLayout<Float>.stride
        let wrong = try catalogue.segmentCount(withVectorsOtherThan: size)
        if wrong > 0 { faults.append("\(wrong) segments have vectors of another length") }
        let empty = try catalogue.emptyVideos()
        if empty > 0 { faults.append("\(empty) videos have no segments") }
        let numbers = index.numbers
        let there = Set(numbers)
        if there.count != numbers.count { faults.append("\(numbers.count - there.count) vectors are there twice") }
        let missing = try catalogue.segmentNumbers().count { !there.contains($0) }
        if missing > 0 { faults.append("\(missing) segments have no vector to be found by") }
    }
}

extension Catalogue {
    /// What SQLite finds wrong.
    fileprivate func faults() throws -> [String] {
        try read { db in
            let pages = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            let strays = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count
            return pages + (strays > 0 ? ["\(strays) rows belong to nothing"] : [])
        }
    }

    fileprivate func segmentCount(withVectorsOtherThan bytes: Int) throws -> Int {
        try read {
            try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM segment WHERE LENGTH(vector) <> ?", arguments: [bytes]) ?? 0
        }
    }

    fileprivate func emptyVideos() throws -> Int {
        try read {
            try Int.fetchOne(
                $0, sql: "SELECT COUNT(*) FROM video WHERE id NOT IN (SELECT video FROM segment)") ?? 0
        }
    }
}
