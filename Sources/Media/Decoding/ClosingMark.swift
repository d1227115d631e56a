internal import Foundation

/// The marks with which a GIF and an Ogg file end, whose demuxers take any end for the end.
///
/// A GIF ends in the byte `3B` (padding of zeros after it is common). Each stream of an Ogg file ends in a page whose
/// header, `4F 67 67 53 00`, has bit 2 of its next byte set, and whose last byte is the file's.
enum ClosingMark {
    /// Whether the mark is missing from the file at `path`; false for files of other kinds, or that cannot be read.
    static func isMissing(path: String, container: String) -> Bool {
        guard container == "gif" || container == "ogg", let file = FileHandle(forReadingAtPath: path) else {
            return false
        }
        defer { try? file.close() }
        // An Ogg page has at most 65307 bytes.
        guard let size = try? file.seekToEnd(), (try? file.seek(toOffset: size - min(size, 1 << 17))) != nil,
            let tail = try? file.readToEnd()
        else { return false }
        return container == "gif" ? !gifIsClosed([UInt8](tail)) : !oggIsClosed([UInt8](tail))
    }

    /// Of a GIF's last bytes.
    static func gifIsClosed(_ tail: [UInt8]) -> Bool { tail.last { $0 != 0 } == 0x3B }

    /// Of an Ogg file's last bytes: the last page is whole, and says that its stream ends with it.
    static func oggIsClosed(_ tail: [UInt8]) -> Bool {
        let mark: [UInt8] = [0x4F, 0x67, 0x67, 0x53, 0]
        // A page's header has 27 bytes, the last of which counts the lengths that follow it.
        for start in tail.indices.dropLast(26).reversed() where tail[start...].starts(with: mark) {
            let lengths = tail[(start + 27)...].prefix(Int(tail[start + 26]))
            let end = start + 27 + lengths.count + lengths.reduce(0) { $0 + Int($1) }
            return lengths.count == Int(tail[start + 26]) && end == tail.count && tail[start + 5] & 4 != 0
        }
        return false
    }
}
