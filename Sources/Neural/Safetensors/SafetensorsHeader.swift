/// What the header of a safetensors file says, checked: every tensor lies inside the data, fits its shape, and they
/// follow one another without gap or overlap.
struct SafetensorsHeader {
    /// Headers above this are refused before anything is read: real ones take about 100 bytes for each tensor.
    static let largestHeader = 100_000_000

    /// How the file stores an element.
    enum DataType: String, CaseIterable {
        case f64 = "F64", f32 = "F32", f16 = "F16", bf16 = "BF16", i64 = "I64", i32 = "I32", u8 = "U8"

        var size: Int {
            switch self {
            case .f64, .i64: 8
            case .f32, .i32: 4
            case .f16, .bf16: 2
            case .u8: 1
            }
        }

        /// What an element is once it is read.
        var elementType: ElementType {
            switch self {
            case .f64, .f32, .f16, .bf16: .float32
            case .i64, .i32: .int32
            case .u8: .uint8
            }
        }
    }

    /// One tensor, as its header entry describes it.
    struct Entry {
        var name: String
        var dataType: DataType
        var shape: Shape
        /// Elements, the product of the shape.
        var count: Int
        /// Bytes after the header at which it begins and ends.
        var begin: Int
        var end: Int
    }

    /// In the order of their data.
    var entries: [Entry]
    var metadata: [String: String]

    /// Reads and checks a header.
    /// - Parameters:
    ///   - bytes: the header's JSON.
    ///   - dataCount: bytes behind the header.
    ///   - path: the file, for errors.
    /// - Throws: `NeuralError.format`.
    init(_ bytes: [UInt8], dataCount: Int, path: String) throws {
        var parser = SafetensorsHeaderParser(bytes, path: path)
        let parsed = try parser.parse()
        metadata = parsed.metadata
        entries = try parsed.tensors.map { try Self.check($0, path: path) }
        entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
        var end = 0
        for entry in entries {
            guard entry.begin == end else {
                let fault = entry.begin < end ? "overlaps the tensor before it" : "leaves a gap before it"
                throw Self.malformed(
                    path, entry.name, "\(fault): its data should begin at offset \(end), but begins at \(entry.begin)")
            }
            end = entry.end
        }
        guard end == dataCount else {
            let fault = end < dataCount ? "has bytes behind its last tensor" : "is cut short"
            throw NeuralError(
                .format,
                "\(path) \(fault): its tensors take \(end) bytes, but \(dataCount) follow the header; fetch it again")
        }
    }

    private static func check(_ raw: SafetensorsHeaderParser.RawEntry, path: String) throws -> Entry {
        guard let dataType = DataType(rawValue: raw.dataType) else {
            let known = DataType.allCases.map(\.rawValue).joined(separator: ", ")
            throw malformed(
                path, raw.name,
                "has element type \(SafetensorsFile.shown(raw.dataType)); expected one of \(known): convert it first")
        }
        // An axis of size zero would hide an overflow of the others, which strides would then meet.
        var (product, isEmpty) = (1, false)
        for dimension in raw.shape {
            guard dimension > 0 else {
                isEmpty = true
                continue
            }
            let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
            guard !overflow, next <= Int.max / 8 else {
                throw malformed(path, raw.name, "has more elements than memory has bytes: shape \(Shape(raw.shape))")
            }
            product = next
        }
        let count = isEmpty ? 0 : product
        guard raw.begin <= raw.end else {
            throw malformed(path, raw.name, "ends before it begins: data_offsets [\(raw.begin), \(raw.end)]")
        }
        guard raw.end - raw.begin == count * dataType.size else {
            throw malformed(
                path, raw.name,
                "of \(raw.dataType) and shape \(Shape(raw.shape)) needs \(count * dataType.size) bytes, but its "
                    + "data_offsets [\(raw.begin), \(raw.end)] hold \(raw.end - raw.begin)")
        }
        return Entry(
            name: raw.name, dataType: dataType, shape: Shape(raw.shape), count: count, begin: raw.begin, end: raw.end)
    }

    /// An error about one tensor of a file.
    static func malformed(_ path: String, _ name: String, _ fault: String) -> NeuralError {
        NeuralError(.format, "\(path): tensor \(SafetensorsFile.shown(name)) \(fault)")
    }
}
