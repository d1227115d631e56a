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

    /// So many folds of about equal size, numbered from 0, with about the same share of each class, and no group in two of
    /// them. The result depends on nothing but the arguments.
    /// - Parameter chosen: positions of the clips to deal out; all where nil.
    /// - Throws: `DatasetError.badRequest` for fewer than two; `DatasetError.unsplittable` if there are too few clips or
    ///   groups for so many.
    public func folds(count: Int, of chosen: [Int]? = nil, seed: UInt64) throws(DatasetError) -> [Fold] {
        let chosen = chosen?.sorted() ?? Array(items.indices)
        guard count >= 2 else {
            throw DatasetError(
                .badRequest, path: source, "\(count) folds leave nothing to train with", remedy: "Ask for 2 or more.")
        }
        try requireKnownLabels()
        let units = Set(chosen.map { item in items[item].group.map { "g" + $0 } ?? "i\(item)" }).count
        guard count <= units else {
            throw DatasetError(
                .unsplittable, path: source, "\(units) groups of clips are too few for \(count) folds",
                remedy: "Ask for fewer folds, or add clips of other groups.")
        }
        let shares = (0..<count).map { (part: Number(value: $0), share: 1 / Double(count)) }
        let dealt = try GroupedAssignment<Number>(
            self, items: chosen, shares: shares, isEven: true, seed: seed
        ).parts
        return shares.map { number, _ in
            Fold(
                name: "\(number.value)", training: chosen.filter { dealt[$0] != number },
                heldOut: chosen.filter { dealt[$0] == number })
        }
    }

    /// A fold before it has a name.
    private struct Number: Hashable, Sendable, CustomStringConvertible {
        var value: Int
        var description: String { "fold \(value)" }
    }
}
