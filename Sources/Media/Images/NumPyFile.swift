/// Writes arrays in NumPy's `.npy` format, version 1.0.
///
/// The bytes: `93 'NUMPY' 01 00`, the header's length in 16 bits little-endian, the header (a Python dictionary of
/// `descr`, `fortran_order`, `shape`, padded with spaces and a newline so that the data starts at a multiple of 64),
/// then the values in little-endian, last axis fastest.
public enum NumPyFile {
    /// Writes bytes as `uint8`.
    /// - Parameters:
    ///   - values: last axis fastest.
    ///   - shape: the axes; empty for a single number.
    /// - Throws: `MediaError.badRequest` if the shape does not hold as many values; `MediaError.unwritable` if the
    ///   file cannot be written, in which case an older file of that name is left as it was.
    public static func write(_ values: [UInt8], shape: [Int], to path: String) throws(MediaError) {
        try write(values, type: "|u1", shape: shape, to: path)
    }

    /// Writes numbers as `float32`; otherwise as `write` for bytes.
    public static func write(_ values: [Float], shape: [Int], to path: String) throws(MediaError) {
        try write(values, type: "<f4", shape: shape, to: path)
    }

    /// Writes numbers as `int64`; otherwise as `write` for bytes.
    public static func write(_ values: [Int64], shape: [Int], to path: String) throws(MediaError) {
        try write(values, type: "<i8", shape: shape, to: path)
    }

    private static func write<Value: BitwiseCopyable>(
        _ values: [Value], type: String, shape: [Int], to path: String
    ) throws(MediaError) {
        var count = 1
        for length in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            count = length < 0 || overflow || count < 0 ? -1 : product
        }
        guard count == values.count else {
            throw MediaError(.badRequest, path: path, "the shape \(shape) does not hold \(values.count) values")
        }
        let header = try header(type: type, shape: shape, path: path)
        let file = try AtomicFile(path: path)
        try file.write(header)
        try file.write(values)
        try file.finish()
    }

    /// - Parameter minimum: the least length in bytes, a multiple of 64.
    static func header(
        type: String, shape: [Int], path: String, minimum: Int = 0
    ) throws(MediaError) -> [UInt8] {
        let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(axes)), }"
        let unpadded = 10 + text.utf8.count + 1
        text += String(repeating: " ", count: max((unpadded + 63) / 64 * 64, minimum) - unpadded) + "\n"
        guard let length = UInt16(exactly: text.utf8.count) else {
            throw MediaError(.badRequest, path: path, "\(shape.count) axes are more than the format holds")
        }
        return [0x93] + "NUMPY".utf8 + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + text.utf8
    }
}
