/// Reads the JSON of a safetensors header: exactly the grammar the format allows, and no other JSON.
///
/// The grammar has three fixed levels, so no nesting in the file can deepen the stack; a key that comes twice, a field
/// that is unknown or missing and a number that is not a whole one are errors, which general JSON readers let pass.
struct SafetensorsHeaderParser {
    /// A tensor's entry, its numbers not yet compared with one another.
    struct RawEntry {
        var name: String
        var dataType: String
        var shape: [Int]
        var begin: Int
        var end: Int
    }

    private let bytes: [UInt8]
    private let path: String
    private var position = 0

    init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// Reads the whole header.
    /// - Throws: `NeuralError.format` with the byte at which it went wrong.
    mutating func parse() throws -> (tensors: [RawEntry], metadata: [String: String]) {
        var tensors: [RawEntry] = []
        var metadata: [String: String] = [:]
        guard bytes.first == UInt8(ascii: "{") else { throw fault("it should begin with {") }
        try object("the header") { parser, key in
            if key == "__metadata__" {
                try parser.object(key) { metadata[$1] = try $0.string() }
            } else {
                tensors.append(try parser.entry(key))
            }
        }
        skipSpace()
        guard position == bytes.count else { throw fault("something other than spaces follows the closing brace") }
        return (tensors, metadata)
    }

    /// `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`, in any order.
    private mutating func entry(_ name: String) throws -> RawEntry {
        let tensor = "tensor \(SafetensorsFile.shown(name))"
        var dataType: String?
        var shape: [Int]?
        var offsets: [Int]?
        try object(tensor) { parser, key in
            switch key {
            case "dtype": dataType = try parser.string()
            case "shape": shape = try parser.integers()
            case "data_offsets": offsets = try parser.integers()
            default: throw parser.fault("\(tensor) has an unknown field \(SafetensorsFile.shown(key))")
            }
        }
        guard let dataType, let shape, let offsets else {
            throw fault("\(tensor) must have dtype, shape and data_offsets")
        }
        guard offsets.count == 2 else {
            throw fault("\(tensor) must have 2 data_offsets, not \(offsets.count)")
        }
        return RawEntry(name: name, dataType: dataType, shape: shape, begin: offsets[0], end: offsets[1])
    }

    /// `{"key": value, …}`; `value` reads what follows each colon.
    private mutating func object(
        _ what: String, _ value: (inout SafetensorsHeaderParser, String) throws -> Void
    ) throws {
        try expect(UInt8(ascii: "{"))
        guard !take(UInt8(ascii: "}")) else { return }
        var seen: Set<String> = []
        repeat {
            let key = try string()
            guard seen.insert(key).inserted else {
                throw fault("\(what) has two entries named \(SafetensorsFile.shown(key))")
            }
            try expect(UInt8(ascii: ":"))
            try value(&self, key)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// `[1, 2, …]`
    private mutating func integers() throws -> [Int] {
        try expect(UInt8(ascii: "["))
        var values: [Int] = []
        guard !take(UInt8(ascii: "]")) else { return values }
        repeat { values.append(try integer()) } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return values
    }

    /// A whole number from 0 on that fits an `Int`.
    private mutating func integer() throws -> Int {
        skipSpace()
        let start = position
        var value = 0
        while let digit = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = shifted.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            guard !overflow, !carry else { throw fault("a number is larger than 2^63 - 1") }
            value = next
            position += 1
        }
        guard position > start else { throw fault("a whole number from 0 on should stand here") }
        guard position == start + 1 || bytes[start] != UInt8(ascii: "0") else {
            throw fault("a number begins with a zero")
        }
        return value
    }

    /// `"text"` with JSON's escapes, in valid UTF-8.
    private mutating func string() throws -> String {
        try expect(UInt8(ascii: "\""))
        var text: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw fault("a text is not valid UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
            case 0..<0x20: throw fault("a text holds a bare control character")
            default: text.append(byte)
            }
        }
        throw fault("a text is not closed")
    }

    /// What follows a backslash, as UTF-8.
    private mutating func escape() throws -> [UInt8] {
        guard let byte = current else { throw fault("a text is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard current == UInt8(ascii: "\\"), position + 1 < bytes.count,
                    bytes[position + 1] == UInt8(ascii: "u")
                else { throw fault("a text holds half of a surrogate pair") }
                position += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("a text holds half of a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("a text holds half of a surrogate pair") }
            return Array(String(scalar).utf8)
        default: throw fault("a text holds an unknown escape")
        }
    }

    /// Four hexadecimal digits.
    private mutating func hexadecimal() throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("\\u needs four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Passes `byte` if it comes next, spaces aside.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard take(byte) else { throw fault("\(Character(Unicode.Scalar(byte))) should stand here") }
    }

    private func fault(_ message: String) -> NeuralError {
        NeuralError(
            .format,
            "\(path) is not a sound safetensors file: byte \(position) of its header: \(message); fetch it again")
    }
}
