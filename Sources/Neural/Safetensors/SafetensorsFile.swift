/// Named tensors and text metadata, as a `.safetensors` file holds them: the form of every weight file and checkpoint.
///
/// The bytes: the header's length as a little-endian `UInt64`; the header, JSON
/// `{"__metadata__": {key: text}, name: {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}}`, filled up
/// with spaces; then the tensors' elements, little-endian and row-major, at those offsets after the header, with no gap,
/// no overlap and nothing behind.
///
/// A file that is anything else is refused with `NeuralError.format`; none traps. Two names or keys that Unicode holds
/// to be the same text count as duplicates.
public struct SafetensorsFile: Sendable {
    /// The tensors by name.
    public var tensors: [String: Tensor]
    /// Free text beside them: configuration, labels, preprocessing.
    public var metadata: [String: String]
    /// Where it was read from; what errors name. Nil for one made in memory.
    public let path: String?
    private let order: [String]

    /// A file in memory, to be written.
    public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
        self.init(tensors: tensors, metadata: metadata, path: nil, order: [])
    }

    init(tensors: [String: Tensor], metadata: [String: String], path: String?, order: [String]) {
        self.tensors = tensors
        self.metadata = metadata
        self.path = path
        self.order = order
    }

    /// The tensors' names: those that were read in the order of their data in the file, then the others by name.
    public var names: [String] {
        let read = order.filter { tensors[$0] != nil }
        let known = Set(read)
        return read + tensors.keys.filter { !known.contains($0) }.sorted(by: Self.precedes)
    }

    /// Order of the names' UTF-8 bytes, which no locale or Unicode version changes.
    static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

    /// `name` fit for a message: of bounded length and without control characters.
    static func shown(_ name: String) -> String {
        let start = name.unicodeScalars.prefix(120).map { scalar -> Character in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : Character(scalar)
        }
        return String(start) + (name.unicodeScalars.dropFirst(120).isEmpty ? "" : "…")
    }
}
