/// One round of a cross-validation: what is held out, and what is left to train with.
public struct Fold: Sendable, Hashable, Codable {
    /// The value of the column that is held out.
    public var name: String
    /// Positions in `Manifest.items`, ascending.
    public var training: [Int]
    /// Positions in `Manifest.items`, ascending.
    public var heldOut: [Int]

    public init(name: String, training: [Int], heldOut: [Int]) {
        self.name = name
        self.training = training
        self.heldOut = heldOut
    }
}

extension Manifest {
    /// A fold for each value of a column: its clips are held out, all others are trained with.
    ///
    /// In numerical order where all values are whole numbers, else alphabetical.
    /// - Throws: `DatasetError.missingColumn` if a clip has no value there; `DatasetError.unsplittable` if there are
    ///   fewer than two values, or a group has clips in more than one fold.
    public func folds(by column: String) throws(DatasetError) -> [Fold] {
        let values = try values(of: column)
        let isNumeric = values.allSatisfy { Int($0) != nil }
        let names = Set(values).sorted { a, b in isNumeric ? (Int(a) ?? 0, a) < (Int(b) ?? 0, b) : a < b }
        guard names.count >= 2 else {
            throw DatasetError(
                .unsplittable, path: source, "the column \"\(column)\" has the one value \"\(names.first ?? "")\"",
                remedy: "Use a column with two values at least.")
        }
        var folds: [String: String] = [:]
        for (item, value) in zip(items, values) {
            guard let group = item.group else { continue }
            if let other = folds[group], other != value {
                throw DatasetError(
                    .unsplittable, path: source, line: item.line,
                    "the group \"\(group)\" is in fold \(other) and in fold \(value)",
                    remedy: "Put all clips of a group into one fold, or they are judged by what they were trained with."
                )
            }
            folds[group] = value
        }
        return names.map { name in
            Fold(
                name: name, training: items.indices.filter { values[$0] != name },
                heldOut: items.indices.filter { values[$0] == name })
        }
    }

    /// So many folds of some clips: every class has about the same share in each, and no group is split.
    ///
    /// Depends on nothing but the arguments; dealt out as `Split` does.
    /// - Parameters:
    ///   - count: how many, at least 2.
    ///   - items: positions of the clips to deal out.
    /// - Throws: `DatasetError.unsplittable` if the clips, or their groups, are too few; `.badRequest` for fewer folds
    ///   than 2.
    public func folds(_ count: Int, of items: [Int], seed: UInt64) throws(DatasetError) -> [Fold] {
        guard count >= 2 else {
            throw DatasetError(
                .badRequest, path: source, "\(count) folds are no cross-validation", remedy: "Give 2 folds at least.")
        }
        try requireKnownLabels()
        let share = 1 / Double(count)
        let assigned = try GroupedAssignment(
            self, items: items, shares: (0..<count).map { ($0, share) }, seed: seed, isEven: true,
            name: { "fold \($0 + 1) of \(count)" })
        let ordered = items.sorted()
        return (0..<count).map { fold in
            Fold(
                name: "\(fold + 1)", training: ordered.filter { assigned.parts[$0] != fold },
                heldOut: ordered.filter { assigned.parts[$0] == fold })
        }
    }
}
