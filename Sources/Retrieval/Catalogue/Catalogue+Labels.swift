internal import GRDB
internal import Media

extension Catalogue {
    /// A label of a segment.
    public struct Label: Sendable, Hashable, Codable {
        /// What it says.
        public var name: String
        /// Whether somebody gave it; else it follows from those that were given.
        public var isGiven: Bool
        /// How likely it is right; 1 for one that was given.
        public var probability: Double

        public init(name: String, isGiven: Bool, probability: Double) {
            self.name = name
            self.isGiven = isGiven
            self.probability = probability
        }
    }

    /// Gives a segment a label, or takes up another probability of it. One that was given is not undone by one that follows.
    public func label(_ segment: Int64, _ label: Label) throws {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO label (segment, name, isGiven, probability) VALUES (?, ?, ?, ?)
                    ON CONFLICT (segment, name) DO UPDATE SET isGiven = excluded.isGiven, probability = excluded.probability
                    WHERE excluded.isGiven OR NOT label.isGiven
                    """,
                arguments: [segment, label.name, label.isGiven, label.probability])
        }
    }

    /// Takes a label from a segment.
    /// - Returns: whether it had it.
    @discardableResult
    public func removeLabel(_ name: String, from segment: Int64) throws -> Bool {
        try write { db in
            try db.execute(sql: "DELETE FROM label WHERE segment = ? AND name = ?", arguments: [segment, name])
            return db.changesCount > 0
        }
    }

    /// Puts labels that follow from those given in the place of all that did before, at once.
    func replaceDerivedLabels(by labels: [(segment: Int64, label: Label)]) throws {
        try write { db in
            try db.execute(sql: "DELETE FROM label WHERE NOT isGiven")
            for (segment, label) in labels {
                try db.execute(
                    sql: """
                        INSERT INTO label (segment, name, isGiven, probability)
                        SELECT id, ?, 0, ? FROM segment WHERE id = ? ON CONFLICT DO NOTHING
                        """,
                    arguments: [label.name, label.probability, segment])
            }
        }
    }

    /// A name of labels, with how many segments it was given to, and how many it follows for.
    public struct LabelCount: Sendable, Hashable, Codable {
        /// The label.
        public var name: String
        /// Segments that somebody gave it to.
        public var given: Int
        /// Segments that it was spread to.
        public var derived: Int
    }

    /// The labels that there are, by name.
    public func labelCounts() throws -> [LabelCount] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT name, SUM(isGiven) AS given, SUM(NOT isGiven) AS derived FROM label GROUP BY name ORDER BY name
                    """
            ).map { LabelCount(name: $0["name"], given: $0["given"], derived: $0["derived"]) }
        }
    }

    /// The labels of a segment, the surest first.
    public func labels(of segment: Int64) throws -> [Label] { try labels(of: [segment])[segment] ?? [] }

    /// The labels of some segments, of each the surest first; those that have none are left out.
    public func labels(of segments: some Sequence<Int64>) throws -> [Int64: [Label]] {
        try read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT * FROM label WHERE segment = ? ORDER BY probability DESC, name")
            var found: [Int64: [Label]] = [:]
            for segment in segments where found[segment] == nil {
                let labels = try Row.fetchAll(statement, arguments: [segment]).map(Self.label)
                if !labels.isEmpty { found[segment] = labels }
            }
            return found
        }
    }

    /// All labels that were given, with their segments.
    public func givenLabels() throws -> [(segment: Int64, name: String)] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT segment, name FROM label WHERE isGiven ORDER BY segment, name").map {
                ($0["segment"], $0["name"])
            }
        }
    }

    /// Segments with a label, those it was given to first, then the surest.
    public func segments(labelled name: String) throws -> [(segment: Segment, video: Int64, probability: Double)] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT segment.*, label.probability AS sure FROM segment JOIN label ON label.segment = segment.id
                    WHERE label.name = ? ORDER BY label.isGiven DESC, sure DESC, segment.id
                    """,
                arguments: [name]
            ).map { (Self.segment($0), $0["video"], $0["sure"]) }
        }
    }

    /// Takes over the labels that were given in another catalogue of the same videos, by their times.
    public func takeLabels(of other: Catalogue) throws {
        for (number, name) in try other.givenLabels() {
            guard let (segment, id) = try other.segments([number])[number], let path = try other.video(id)?.path,
                let own = try video(at: path)
            else { continue }
            let middle = (segment.start.seconds + segment.end.seconds) / 2
            let nearest = try segments(of: own.id).min {
                abs(($0.start.seconds + $0.end.seconds) / 2 - middle)
                    < abs(($1.start.seconds + $1.end.seconds) / 2 - middle)
            }
            if let nearest { try label(nearest.id, Label(name: name, isGiven: true, probability: 1)) }
        }
    }

    private static func label(_ row: Row) -> Label {
        Label(name: row["name"], isGiven: row["isGiven"], probability: row["probability"])
    }
}
