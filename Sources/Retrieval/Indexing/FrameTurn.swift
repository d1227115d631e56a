/// How a picture may be mirrored in a copy. On its head is both.
enum FrameTurn {
    case leftRight, upDown

    /// Frames of RGB bytes `[frame, height, width, 3]`, each turned so.
    func turned(_ frames: [UInt8], height: Int, width: Int) -> [UInt8] {
        let size = height * width * 3
        var result = frames
        for start in stride(from: 0, to: frames.count - frames.count % max(size, 1), by: max(size, 1)) {
            for row in 0..<height {
                let from = self == .leftRight ? row : height - 1 - row
                for column in 0..<width {
                    let source = start + 3 * (from * width + (self == .upDown ? column : width - 1 - column))
                    let place = start + 3 * (row * width + column)
                    for channel in 0..<3 { result[place + channel] = frames[source + channel] }
                }
            }
        }
        return result
    }

    /// Whether a picture is of nearly one colour: its green, which is most of what is seen, deviates by less than 5 of 255.
    static func showsNothing(_ bytes: ArraySlice<UInt8>) -> Bool {
        var (sum, squares, count) = (0, 0, 0)
        for place in stride(from: bytes.startIndex + 1, to: bytes.endIndex, by: 3) {
            let value = Int(bytes[place])
            sum += value
            squares += value * value
            count += 1
        }
        return squares * count - sum * sum < 25 * count * count
    }
}
