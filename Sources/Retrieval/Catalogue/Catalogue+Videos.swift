internal import Foundation
internal import GRDB
internal import Media

extension Catalogue {
    /// What there is to know of a video, but for its frames, which are many times as large.
    private static let facts = "id, path, size, modified, digest, duration, width, height, rate, codec, damaged"

    /// All videos, by path.
    public func videos() throws -> [IndexedVideo] {
        try read { try Row.fetchAll($0, sql: "SELECT \(Self.facts) FROM video ORDER BY path").map(Self.video) }
    }

    /// The video at an absolute path; nil if it is not indexed.
    public func video(at path: String) throws -> IndexedVideo? {
        try read {
            try Row.fetchOne($0, sql: "SELECT \(Self.facts) FROM video WHERE path = ?", arguments: [path])
                .map(Self.video)
        }
    }

    /// The video of a number.
    public func video(_ id: Int64) throws -> IndexedVideo? {
        try videos([id])[id]
    }

    /// The videos of some numbers; those that are gone are left out.
    func videos(_ ids: some Sequence<Int64>) throws -> [Int64: IndexedVideo] {
        try read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(Self.facts) FROM video WHERE id = ?")
            var found: [Int64: IndexedVideo] = [:]
            for id in ids { found[id] = try Row.fetchOne(statement, arguments: [id]).map(Self.video) }
            return found
        }
    }

    /// A video whose file had this size and digest; nil if there is none.
    public func video(like stamp: FileStamp) throws -> IndexedVideo? {
        try read {
            try Row.fetchOne(
                $0, sql: "SELECT \(Self.facts) FROM video WHERE digest = ? AND size = ? LIMIT 1",
                arguments: [Int64(bitPattern: stamp.digest), stamp.size]
            ).map(Self.video)
        }
    }

    /// Puts a video in the place of what was known of its path, all at once.
    /// - Returns: its number.
    @discardableResult
    public func replace(_ path: String, _ stamp: FileStamp, by video: AnalyzedVideo) throws -> Int64 {
        try write { db in
            try db.execute(sql: "DELETE FROM video WHERE path = ?", arguments: [path])
            try db.execute(
                sql: """
                    INSERT INTO video (path, size, modified, digest, duration, width, height, rate, codec, damaged,
                        traceRate, traceTimes, traceDimensions, traceViews, traceValues)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    path, stamp.size, stamp.modified, Int64(bitPattern: stamp.digest), video.duration, video.width,
                    video.height, video.rate, video.codec, video.damagedCount, video.trace.rate,
                    Numbers.data(video.trace.times), video.trace.dimensions, video.trace.views,
                    Numbers.data(video.trace.values),
                ])
            let id = db.lastInsertedRowID
            for segment in video.segments {
                try db.execute(
                    sql: """
                        INSERT INTO segment (video, startValue, startScale, endValue, endScale, vector)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        id, segment.start.value, segment.start.timescale, segment.end.value, segment.end.timescale,
                        Numbers.data(segment.vector),
                    ])
            }
            return id
        }
    }

    /// Notes that a file whose bytes are as they were has another time of change.
    public func touch(_ id: Int64, _ stamp: FileStamp) throws {
        try write {
            try $0.execute(sql: "UPDATE video SET modified = ? WHERE id = ?", arguments: [stamp.modified, id])
        }
    }

    /// Notes that a file lies elsewhere now.
    public func move(_ id: Int64, to path: String, _ stamp: FileStamp) throws {
        try write {
            try $0.execute(
                sql: "UPDATE video SET path = ?, modified = ? WHERE id = ?", arguments: [path, stamp.modified, id])
        }
    }

    /// Takes videos out, with all that is known of them.
    public func remove(_ ids: [Int64]) throws {
        try write { db in
            for id in ids { try db.execute(sql: "DELETE FROM video WHERE id = ?", arguments: [id]) }
        }
    }

    /// The segments of a video, in order.
    public func segments(of video: Int64) throws -> [Segment] {
        try read {
            try Row.fetchAll($0, sql: "SELECT * FROM segment WHERE video = ? ORDER BY id", arguments: [video])
                .map(Self.segment)
        }
    }

    /// What alignments go by.
    public func trace(of video: Int64) throws -> FrameTrace? {
        try read {
            let what = "traceRate, traceTimes, traceDimensions, traceViews, traceValues"
            return try Row.fetchOne($0, sql: "SELECT \(what) FROM video WHERE id = ?", arguments: [video]).map { row in
                FrameTrace(
                    rate: row["traceRate"], dimensions: row["traceDimensions"], views: row["traceViews"],
                    times: Numbers.numbers(row["traceTimes"]), values: Numbers.numbers(row["traceValues"]))
            }
        }
    }

    /// Segments by their numbers, with the video of each; those that are gone are left out.
    public func segments(_ ids: [Int64]) throws -> [Int64: (segment: Segment, video: Int64)] {
        try read { db in
            var found: [Int64: (Segment, Int64)] = [:]
            for id in ids {
                guard let row = try Row.fetchOne(db, sql: "SELECT * FROM segment WHERE id = ?", arguments: [id]) else {
                    continue
                }
                found[id] = (Self.segment(row), row["video"])
            }
            return found
        }
    }

    /// Where segments are; those that are gone are left out.
    func places(of ids: some Sequence<Int64>) throws -> [Int64: SegmentPlace] {
        try read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT id, video, startValue, startScale, endValue, endScale FROM segment WHERE id = ?")
            var found: [Int64: SegmentPlace] = [:]
            for id in ids {
                guard let row = try Row.fetchOne(statement, arguments: [id]) else { continue }
                found[id] = SegmentPlace(
                    id: id, video: row["video"],
                    start: MediaTime(value: row["startValue"], timescale: row["startScale"]).seconds,
                    end: MediaTime(value: row["endValue"], timescale: row["endScale"]).seconds)
            }
            return found
        }
    }

    /// How many videos there are.
    public func videoCount() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM video") ?? 0 }
    }

    /// The number of the segment that came last; 0 where there is none.
    public func newestSegment() throws -> Int64 {
        try read { try Int64.fetchOne($0, sql: "SELECT MAX(id) FROM segment") ?? 0 }
    }

    /// The numbers of all segments, in order.
    public func segmentNumbers() throws -> [Int64] {
        try read { try Int64.fetchAll($0, sql: "SELECT id FROM segment ORDER BY id") }
    }

    /// How many segments there are, with numbers after this one.
    public func segmentCount(after number: Int64 = 0) throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM segment WHERE id > ?", arguments: [number]) ?? 0 }
    }

    /// The vectors of all segments after a number, in order, some thousands at a time.
    public func forEachVectors(after number: Int64 = 0, _ body: (_ numbers: [Int64], _ vectors: [Float]) throws -> Void)
        throws
    {
        var last = number
        while true {
            let (numbers, vectors): ([Int64], [Float]) = try read { db in
                let rows = try Row.fetchAll(
                    db, sql: "SELECT id, vector FROM segment WHERE id > ? ORDER BY id LIMIT 8192", arguments: [last])
                return (rows.map { $0["id"] }, rows.flatMap { Numbers.numbers($0["vector"]) as [Float] })
            }
            guard let newest = numbers.last else { return }
            try body(numbers, vectors)
            last = newest
        }
    }

    private static func video(_ row: Row) -> IndexedVideo {
        IndexedVideo(
            id: row["id"], path: row["path"],
            stamp: FileStamp(
                size: row["size"], modified: row["modified"], digest: UInt64(bitPattern: row["digest"] as Int64)),
            duration: row["duration"], width: row["width"], height: row["height"], rate: row["rate"],
            codec: row["codec"])
    }

    static func segment(_ row: Row) -> Segment {
        Segment(
            id: row["id"], start: MediaTime(value: row["startValue"], timescale: row["startScale"]),
            end: MediaTime(value: row["endValue"], timescale: row["endScale"]), vector: Numbers.numbers(row["vector"]))
    }
}

/// Numbers as bytes, in the machine's own order, which is little-endian wherever Sora runs.
enum Numbers {
    static func data<Number: BitwiseCopyable>(_ numbers: [Number]) -> Data {
        unsafe numbers.withUnsafeBytes { unsafe Data($0) }
    }

    static func numbers<Number: BitwiseCopyable & AdditiveArithmetic>(_ data: Data) -> [Number] {
        let count = data.count / MemoryLayout<Number>.stride
        return unsafe [Number](unsafeUninitializedCapacity: count) { target, written in
            unsafe data.copyBytes(to: UnsafeMutableRawBufferPointer(target), count: count * MemoryLayout<Number>.stride)
            written = count
        }
    }
}
