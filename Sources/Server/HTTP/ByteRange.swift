/// The part of a file that a Range header asks for (RFC 9110, 14.1.2).
package enum ByteRange: Equatable {
    /// All of it: there is no header, or one of several ranges or of another unit, which may be passed over.
    case all
    case part(ClosedRange<Int>)
    /// Nothing of it lies in the file.
    case none

    /// - Parameters:
    ///   - header: the header's value.
    ///   - size: bytes of the file.
    package init(_ header: String?, size: Int) {
        self = .all
        guard let header, header.hasPrefix("bytes="), !header.contains(",") else { return }
        let parts = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { return }
        // Numbers that are too large for an Int are past any file's end.
        func number(_ digits: Substring) -> Int { Int(digits) ?? .max }
        switch (parts[0].isEmpty, parts[1].isEmpty) {
        case (true, true): return
        case (true, false):
            let length = min(number(parts[1]), size)
            self = length > 0 ? .part(size - length...size - 1) : .none
        case (false, _):
            let first = number(parts[0])
            let last = parts[1].isEmpty ? size - 1 : min(number(parts[1]), size - 1)
            if !parts[1].isEmpty, number(parts[1]) < first { return }
            self = first < size ? .part(first...last) : .none
        }
    }
}
