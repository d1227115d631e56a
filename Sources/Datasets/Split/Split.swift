/// Which clips of a manifest are for training, which to watch the training by, and which to judge it by at the end.
public struct Split: Sendable, Hashable, Codable {
    /// One of the three parts.
    public enum Part: String, Sendable, Hashable, Codable, CaseIterable {
        case training, validation, test

        /// The part that a word names: train, training; val, valid, validation, dev; test, testing. Case is ignored.
        public init?(word: String) {
            switch word.lowercased() {
            case "train", "training": self = .training
            case "val", "valid", "validation", "dev": self = .validation
            case "test", "testing": self = .test
            default: return nil
            }
        }
    }

    /// Positions in `Manifest.items`, ascending.
    public var training: [Int]
    /// Positions in `Manifest.items`, ascending.
    public var validation: [Int]
    /// Positions in `Manifest.items`, ascending.
    public var test: [Int]

    public init(training: [Int], validation: [Int], test: [Int] = []) {
        self.training = training
        self.validation = validation
        self.test = test
    }

    /// The positions of one part.
    public subscript(part: Part) -> [Int] {
        switch part {
        case .training: training
        case .validation: validation
        case .test: test
        }
    }

    /// Splits a manifest's clips so that every class has about the same share in each part, and no group is split.
    ///
    /// Where the manifest has a `split` column, that is the split; if it names no validation clips, they are taken out
    /// of the training clips by `validation`. The result depends on nothing but the arguments.
    ///
    /// Clips that are cut from one video and have no group are one group. Others without are split class by class,
    /// exactly. Groups are dealt out from the largest, each to the part that is furthest, over the classes that the group
    /// has, below its share.
    /// - Parameters:
    ///   - manifest: the clips.
    ///   - validation: share of the clips for validation, 0..<1.
    ///   - test: share of the clips for the test, 0..<1.
    ///   - seed: of the draw.
    /// - Throws: `DatasetError.unsplittable` if a part would stay empty, if the `split` column is filled only in part,
    ///   or if it splits a group; `DatasetError.badRequest` if the shares make no sense; `DatasetError.unknownLabel` if a
    ///   clip has a label that is no position in `classes`.
    public init(
        of manifest: Manifest, validation: Double = 0.2, test: Double = 0, seed: UInt64
    ) throws(DatasetError) {
        guard validation >= 0, test >= 0, validation + test < 1 else {
            throw DatasetError(
                .badRequest, path: manifest.source, "shares of \(validation) and \(test) leave nothing to train with",
                remedy: "Give shares that are not negative and sum to less than 1.")
        }
        try manifest.requireKnownLabels()
        var parts: [Part?] = manifest.items.map(\.part)
        if parts.contains(where: { $0 != nil }) {
            if let open = manifest.items.first(where: { $0.part == nil }) {
                throw DatasetError(
                    .unsplittable, path: manifest.source, line: open.line,
                    "the split is given for some clips, and not here",
                    remedy: "Fill the split column for all clips, or for none.")
            }
            if validation > 0, !parts.contains(.validation) {
                let open = manifest.items.indices.filter { parts[$0] == .training }
                let assigned = try GroupedAssignment<Part>(
                    manifest, items: open, shares: [(.training, 1 - validation), (.validation, validation)], seed: seed)
                for (item, part) in assigned.parts { parts[item] = part }
            }
        } else {
            let shares: [(Part, Double)] = [
                (.training, 1 - validation - test), (.validation, validation), (.test, test),
            ]
            let assigned = try GroupedAssignment<Part>(
                manifest, items: Array(manifest.items.indices), shares: shares.filter { $0.1 > 0 }, seed: seed)
            for (item, part) in assigned.parts { parts[item] = part }
        }
        func all(_ part: Part) -> [Int] { parts.indices.filter { parts[$0] == part } }
        self.init(training: all(.training), validation: all(.validation), test: all(.test))
        guard !training.isEmpty else {
            throw DatasetError(
                .unsplittable, path: manifest.source, "there are no clips to train with",
                remedy: "Mark some clips train in the split column.")
        }
        try requireWholeGroups(manifest, parts: parts)
    }

    private func requireWholeGroups(_ manifest: Manifest, parts: [Part?]) throws(DatasetError) {
        var seen: [String: Part] = [:]
        for (index, item) in manifest.items.enumerated() {
            guard let group = item.group, let part = parts[index] else { continue }
            if let other = seen[group], other != part {
                throw DatasetError(
                    .unsplittable, path: manifest.source, line: item.line,
                    "the group \"\(group)\" is in \(other.rawValue) and in \(part.rawValue)",
                    remedy:
                        "Give all clips of a group the same split, or they are judged by what they were trained with.")
            }
            seen[group] = part
        }
    }
}
