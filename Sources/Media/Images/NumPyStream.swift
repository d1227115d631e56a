/// A `.npy` array of bytes that is written row by row, for as long as there are more: memory does not grow with it.
///
/// The header is written last, over room that was left for it, once the number of rows is known. Like every file here
/// it has a temporary name until then; a stream that is dropped without `finish()` leaves nothing behind.
public final class NumPyStream {
    /// Where the file goes.
    public let path: String
    /// Rows so far.
    public private(set) var count = 0
    private let rowShape: [Int]
    private let rowSize: Int
    private let headerSize: Int
    private let file: AtomicFile

    /// Opens a file for rows of the shape `rowShape`.
    /// - Throws: `MediaError.badRequest` if the shape makes no sense, `.unwritable` if the file cannot be made.
    public init(path: String, rowShape: [Int]) throws(MediaError) {
        var size = 1
        for length in rowShape {
            let (product, overflow) = size.multipliedReportingOverflow(by: length)
            guard length > 0, !overflow else {
                throw MediaError(.badRequest, path: path, "rows of the shape \(rowShape) cannot be written")
            }
            size = product
        }
        self.path = path
        self.rowShape = rowShape
        rowSize = size
        // Any number of rows has fewer digits than the largest.
        let room = try NumPyFile.header(type: "|u1", shape: [.max] + rowShape, path: path)
        headerSize = room.count
        file = try AtomicFile(path: path)
        try file.write(room)
    }

    /// Adds a row, last axis fastest.
    /// - Throws: `MediaError.badRequest` if it has another number of bytes than the shape, `.unwritable`.
    public func append(_ row: [UInt8]) throws(MediaError) {
        guard row.count == rowSize else {
            throw MediaError(.badRequest, path: path, "a row of the shape \(rowShape) does not hold \(row.count) bytes")
        }
        try file.write(row)
        count += 1
    }

    /// Writes the header, and gives the file its name.
    /// - Throws: `MediaError.unwritable`.
    public func finish() throws(MediaError) {
        try file.rewriteStart(
            NumPyFile.header(type: "|u1", shape: [count] + rowShape, path: path, minimum: headerSize))
        try file.finish()
    }
}
