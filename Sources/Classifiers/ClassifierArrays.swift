/// The numbers of a classifier by name, as a file stores them.
public struct ClassifierArrays: Sendable, Equatable {
    /// The numbers of one array.
    public enum Numbers: Sendable, Equatable {
        case floats([Float])
        case integers([Int32])

        /// How many there are.
        public var count: Int {
            switch self {
            case .floats(let values): values.count
            case .integers(let values): values.count
            }
        }
    }

    /// One array, in row-major order.
    public struct Entry: Sendable, Equatable {
        /// Sizes of its axes.
        public var shape: [Int]
        /// Its numbers, as many as the product of the sizes.
        public var numbers: Numbers

        public init(shape: [Int], _ numbers: Numbers) {
            self.shape = shape
            self.numbers = numbers
        }
    }

    /// The arrays by name.
    public var entries: [String: Entry]

    public init(_ entries: [String: Entry] = [:]) { self.entries = entries }

    mutating func set(_ name: String, _ shape: [Int], _ values: [Float]) {
        entries[name] = Entry(shape: shape, .floats(values))
    }

    mutating func set(_ name: String, _ shape: [Int], _ values: [Int32]) {
        entries[name] = Entry(shape: shape, .integers(values))
    }
}

extension ClassifierArrays {
    /// Refuses arrays that a classifier does not have, or lacks ones that it has.
    func require(_ names: Set<String>) throws {
        if let missing = names.subtracting(entries.keys).min() {
            throw ClassifierError(.stored, "the array '\(missing)' is missing")
        }
        if let extra = Set(entries.keys).subtracting(names).min() {
            throw ClassifierError(.stored, "the array '\(extra.prefix(60))' is none of this kind of classifier")
        }
    }

    /// Floats of a shape; a size that is nil may be any. All are finite.
    /// - Returns: the numbers and the sizes of the axes.
    func floats(_ name: String, _ shape: [Int?]) throws -> (values: [Float], shape: [Int]) {
        let entry = try entry(name, shape)
        guard case .floats(let values) = entry.numbers else { throw Self.fault(name, "should hold floats") }
        guard values.allSatisfy(\.isFinite) else { throw Self.fault(name, "holds what is no number") }
        return (values, entry.shape)
    }

    /// Whole numbers of a shape, all within `range`.
    func integers(
        _ name: String, _ shape: [Int?], in range: ClosedRange<Int>
    ) throws -> (values: [Int], shape: [Int]) {
        let entry = try entry(name, shape)
        guard case .integers(let values) = entry.numbers else { throw Self.fault(name, "should hold whole numbers") }
        guard let odd = values.first(where: { !range.contains(Int($0)) }) else {
            return (values.map(Int.init), entry.shape)
        }
        throw Self.fault(name, "holds \(odd), which should lie in \(range)")
    }

    private func entry(_ name: String, _ shape: [Int?]) throws -> Entry {
        guard let entry = entries[name] else { throw Self.fault(name, "is missing") }
        let fits =
            entry.shape.count == shape.count
            && zip(entry.shape, shape).allSatisfy { size, wanted in size == wanted ?? size && size >= 0 }
        let (product, overflows) = entry.shape.reduce((1, false)) { sum, size in
            let (value, overflow) = sum.0.multipliedReportingOverflow(by: size)
            return (value, sum.1 || overflow)
        }
        guard fits, !overflows, product == entry.numbers.count else {
            let wanted = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw Self.fault(name, "has the shape \(entry.shape), not [\(wanted)]")
        }
        return entry
    }

    static func fault(_ name: String, _ message: String) -> ClassifierError {
        ClassifierError(.stored, "the array '\(name)' \(message)")
    }
}
