internal import Foundation

/// How long a Matroska or WebM file says it is, which its demuxer does not pass on.
///
/// The bytes: the EBML header (`1A 45 DF A3`, its size, its body), then the segment (`18 53 80 67`, its size, all the
/// rest). A size is a number of 1 to 8 bytes: as many zero bits as bytes follow the first, a one bit, the value, the
/// highest byte first; all ones mean that the size was not known when the file was begun.
enum MatroskaSize {
    /// The offset of the segment's end; nil where it is not stated, or this is no such file.
    static func stated(path: String) -> Int64? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let start = try? file.read(upToCount: 4096) else { return nil }
        return end(of: [UInt8](start))
    }

    /// The same from a file's first bytes.
    static func end(of bytes: [UInt8]) -> Int64? {
        guard bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]), let header = size(bytes, at: 4) else { return nil }
        let (segment, overflow) = header.body.addingReportingOverflow(header.size)
        guard !overflow, segment < bytes.count, bytes[segment...].starts(with: [0x18, 0x53, 0x80, 0x67]),
            let body = size(bytes, at: segment + 4)
        else { return nil }
        return Int64(body.body) + Int64(body.size)
    }

    private static func size(_ bytes: [UInt8], at place: Int) -> (size: Int, body: Int)? {
        guard place < bytes.count else { return nil }
        let following = bytes[place].leadingZeroBitCount
        let body = place + 1 + following
        guard following < 8, body <= bytes.count else { return nil }
        let mask = UInt8(0x7F) >> UInt8(following)
        let value = bytes[place + 1..<body].reduce(Int(bytes[place] & mask)) { $0 << 8 | Int($1) }
        return value == (1 << (7 * (following + 1))) - 1 ? nil : (value, body)
    }
}
