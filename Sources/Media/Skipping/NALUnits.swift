/// The units of which an H.264 or HEVC packet consists.
enum NALUnits {
    /// Calls `body` with where each unit begins, its header included, and how many bytes it has.
    ///
    /// - Parameter lengthSize: bytes of the length before each unit; 0 where they lie between start codes `00 00 01`.
    /// - Returns: whether the packet divides into units.
    static func forEach(
        in bytes: UnsafeBufferPointer<UInt8>, lengthSize: Int, _ body: (_ start: Int, _ count: Int) -> Void
    ) -> Bool {
        lengthSize > 0
            ? unsafe forEachByLength(bytes, lengthSize, body) : unsafe forEachByStartCode(bytes, body)
    }

    private static func forEachByLength(
        _ bytes: UnsafeBufferPointer<UInt8>, _ lengthSize: Int, _ body: (Int, Int) -> Void
    ) -> Bool {
        var place = 0
        while place + lengthSize <= bytes.count {
            var count = 0
            for index in place..<place + lengthSize { unsafe count = count << 8 | Int(bytes[index]) }
            place += lengthSize
            guard count > 0, count <= bytes.count - place else { return false }
            body(place, count)
            place += count
        }
        return place == bytes.count
    }

    private static func forEachByStartCode(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (Int, Int) -> Void) -> Bool {
        var start: Int?
        var place = 0
        while place + 2 < bytes.count {
            // Of three bytes that hold a start code, the last is 0 or 1.
            let third = unsafe bytes[place + 2]
            if third > 1 {
                place += 3
            } else if unsafe third == 1 && bytes[place] == 0 && bytes[place + 1] == 0 {
                if let start { body(start, place - start) }
                start = place + 3
                place += 3
            } else {
                place += 1
            }
        }
        if let start { body(start, bytes.count - start) }
        return start != nil
    }
}
