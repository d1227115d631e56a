extension SafetensorsFile {
    /// Reads a file whole.
    ///
    /// F32, U8 and I32 are kept. F16 and BF16 become `float32`, which holds each of them exactly. F64 becomes `float32`
    /// rounded to nearest, and I64 `int32`; a number outside the smaller type's range is an error.
    /// Cost: each tensor is read once, straight into its own storage (through a copy where it is converted).
    ///
    /// - Throws: `NeuralError.file` if it cannot be read, `.format` if it is malformed.
    public init(reading path: String) throws {
        try self.init(InputFile(path))
    }

    /// Reads `bytes` as if they were the file `name`.
    package init(bytes: [UInt8], name: String) throws {
        try self.init(InputFile(bytes: bytes, name: name))
    }

    /// The metadata of a file alone: its tensors are checked by the header, but not read.
    /// - Throws: as `init(reading:)`.
    public static func metadata(of path: String) throws -> [String: String] { try contents(of: path).metadata }

    /// What a file holds, by its header alone: its tensors are not read. Cost: that of the header.
    /// - Throws: as `init(reading:)`.
    public static func contents(of path: String) throws -> Contents { try contents(of: InputFile(path)) }

    /// What the header says of `bytes`, read as if they were the file `name`.
    package static func contents(of bytes: [UInt8], name: String) throws -> Contents {
        try contents(of: InputFile(bytes: bytes, name: name))
    }

    private static func contents(of file: InputFile) throws -> Contents {
        let header = try header(of: file).header
        let types = header.entries.map { ($0.name, TensorType($0.shape, $0.dataType.elementType)) }
        return Contents(
            metadata: header.metadata, types: Dictionary(types) { first, _ in first },
            names: header.entries.map(\.name), path: file.name)
    }

    private init(_ file: InputFile) throws {
        let (header, dataStart) = try Self.header(of: file)
        let byteCount = header.entries.reduce(0.0) { $0 + Double($1.count) * Double($1.dataType.elementType.size) }
        try PhysicalMemory.require(Int(exactly: byteCount.rounded()) ?? .max, .file, "reading \(file.name)")
        var tensors: [String: Tensor] = [:]
        tensors.reserveCapacity(header.entries.count)
        for entry in header.entries {
            tensors[entry.name] = try Self.tensor(entry, at: dataStart + entry.begin, of: file)
        }
        self.init(
            tensors: tensors, metadata: header.metadata, path: file.name, order: header.entries.map(\.name))
    }

    /// The checked header, and where the data begins.
    private static func header(of file: InputFile) throws -> (header: SafetensorsHeader, dataStart: Int) {
        guard file.count >= 8 else {
            throw NeuralError(
                .format, "\(file.name) is not a safetensors file: it has \(file.count) bytes, and 8 are the least")
        }
        let length = UInt64(littleEndian: try file.read(1, of: UInt64.self, at: 0)[0])
        guard length <= UInt64(SafetensorsHeader.largestHeader) else {
            throw NeuralError(
                .format,
                "\(file.name) is not a safetensors file: a header of \(length) bytes is announced, and "
                    + "\(SafetensorsHeader.largestHeader) are the most allowed")
        }
        let dataStart = 8 + Int(length)
        guard dataStart <= file.count else {
            throw NeuralError(
                .format,
                "\(file.name) is cut short or not a safetensors file: a header of \(length) bytes is announced, "
                    + "but \(file.count - 8) follow; fetch it again")
        }
        let bytes = try file.read(Int(length), of: UInt8.self, at: 8)
        return (try SafetensorsHeader(bytes, dataCount: file.count - dataStart, path: file.name), dataStart)
    }

    private static func tensor(
        _ entry: SafetensorsHeader.Entry, at offset: Int, of file: InputFile
    ) throws -> Tensor {
        func stored<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws -> [T] {
            try file.read(entry.count, of: T.self, at: offset)
        }
        switch entry.dataType {
        case .f32: return try Tensor(entry.shape, try file.read(entry.count, of: Float.self, at: offset))
        case .u8: return try Tensor(entry.shape, try stored(UInt8.self))
        case .i32: return try Tensor(entry.shape, try stored(Int32.self))
        case .f16: return try Tensor(entry.shape, try stored(UInt16.self).map(Float.init(halfBits:)))
        case .bf16: return try Tensor(entry.shape, try stored(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) })
        case .f64:
            let values = try file.read(entry.count, of: Double.self, at: offset)
            return try Tensor(
                entry.shape,
                try values.map { value in
                    let narrow = Float(value)
                    guard narrow.isFinite || !value.isFinite else { throw tooLarge(entry, "\(value)", file) }
                    return narrow
                })
        case .i64:
            return try Tensor(
                entry.shape,
                try stored(Int64.self).map { value in
                    guard let narrow = Int32(exactly: value) else { throw tooLarge(entry, "\(value)", file) }
                    return narrow
                })
        }
    }

    private static func tooLarge(
        _ entry: SafetensorsHeader.Entry, _ value: String, _ file: InputFile
    ) -> NeuralError {
        let kind = entry.dataType == .i64 ? "int32" : "float32"
        return SafetensorsHeader.malformed(
            file.name, entry.name, "of \(entry.dataType.rawValue) holds \(value), which \(kind) cannot")
    }
}

extension Float {
    /// The number whose IEEE 754 half-precision bits are `halfBits`. Exact.
    // By hand, because Swift has no Float16 on Intel Macs.
    init(halfBits: UInt16) {
        let sign = UInt32(halfBits & 0x8000) << 16
        let (exponent, fraction) = (UInt32(halfBits >> 10 & 0x1F), UInt32(halfBits & 0x3FF))
        switch exponent {
        case 0:
            // A subnormal: the fraction counts units of 2^-24.
            let magnitude = Float(fraction) * 0x1p-24
            self = Float(bitPattern: sign | magnitude.bitPattern)
        case 0x1F: self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
