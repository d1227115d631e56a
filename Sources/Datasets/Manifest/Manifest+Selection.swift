extension Manifest {
    /// A condition on a column, as written on a command line: `fold4=2`.
    public struct Selection: Sendable, Hashable {
        /// The column.
        public var column: String
        /// The value that selected clips have in it.
        public var value: String

        /// - Returns: nil if `text` is not of the form `column=value`.
        public init?(_ text: String) {
            guard let sign = text.firstIndex(of: "="), sign != text.startIndex else { return nil }
            column = String(text[..<sign])
            value = String(text[text.index(after: sign)...])
        }
    }

    /// The clips that match `selection`, or all others (to train with, when the selection is held out), under the same
    /// classes.
    /// - Throws: `DatasetError.missingColumn` if there is no such column, `.empty` if no clip has the value or
    ///   none is left, `.unsplittable` if, with `inverted`, a group has clips on both sides.
    public func selecting(_ selection: Selection, inverted: Bool = false) throws(DatasetError) -> Manifest {
        var result = self
        result.items = try positions(matching: selection, inverted: inverted).map { items[$0] }
        return result
    }

    /// The positions in `items` of the clips that match `selection`, or of all others, ascending.
    /// - Throws: as `selecting`.
    public func positions(matching selection: Selection, inverted: Bool = false) throws(DatasetError) -> [Int] {
        let values = try values(of: selection.column)
        if inverted { try requireWholeGroups(values.map { $0 == selection.value }, selection) }
        let found = items.indices.filter { (values[$0] == selection.value) != inverted }
        let isThere = values.contains(selection.value)
        guard isThere, !found.isEmpty else {
            throw DatasetError(
                .empty, path: source,
                isThere
                    ? "every clip has \(selection.column)=\(selection.value)"
                    : "no clip has \(selection.column)=\(selection.value)",
                remedy: "Its values are \(Set(values).sorted().joined(separator: ", ")).")
        }
        return found
    }

    private func requireWholeGroups(_ isSelected: [Bool], _ selection: Selection) throws(DatasetError) {
        var sides: [String: Bool] = [:]
        for (item, side) in zip(items, isSelected) {
            guard let group = item.group else { continue }
            if let other = sides[group], other != side {
                throw DatasetError(
                    .unsplittable, path: source, line: item.line,
                    "the group \"\(group)\" has clips with \(selection.column)=\(selection.value) and clips without",
                    remedy: "Hold out whole groups, or they are judged by what they were trained with.")
            }
            sides[group] = side
        }
    }
}
