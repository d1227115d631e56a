/// Black bars about a picture, which a copy has and the film it was made of has not.
enum FrameBars {
    /// What is as dark as bars are, of 255, noise of compression included.
    private static let dark = 28

    /// The picture without its bars, enlarged to the size that it had.
    ///
    /// A row or column belongs to a bar where it, and all between it and the edge, are dark throughout. Two thirds of a side
    /// may be bars; where there is more, or nothing but darkness, the picture is left as it is.
    /// - Parameter bytes: RGB, `[height, width, 3]`.
    static func trimmed(_ bytes: ArraySlice<UInt8>, height: Int, width: Int) -> [UInt8] {
        let pixels = Array(bytes)
        guard pixels.count == height * width * 3, height > 2, width > 2 else { return pixels }
        func isDark(_ places: StrideTo<Int>) -> Bool { places.allSatisfy { pixels[$0 * 3 + 1] < dark } }
        func row(_ number: Int) -> Bool { isDark(stride(from: number * width, to: (number + 1) * width, by: 1)) }
        func column(_ number: Int) -> Bool { isDark(stride(from: number, to: height * width, by: width)) }
        let top = (0..<height).prefix(while: row).count
        guard top < height else { return pixels }
        let bottom = height - (0..<height).reversed().prefix(while: row).count
        let left = (0..<width).prefix(while: column).count
        let right = width - (0..<width).reversed().prefix(while: column).count
        guard (bottom - top, right - left) != (height, width), 3 * (bottom - top) >= height, 3 * (right - left) >= width
        else { return pixels }
        var result = [UInt8](repeating: 0, count: pixels.count)
        let (rows, columns) = (Self.places(top..<bottom, count: height), Self.places(left..<right, count: width))
        for (y, (above, below, down)) in rows.enumerated() {
            for (x, (before, after, across)) in columns.enumerated() {
                for channel in 0..<3 {
                    func value(_ y: Int, _ x: Int) -> Float { Float(pixels[(y * width + x) * 3 + channel]) }
                    let upper = value(above, before) * (1 - across) + value(above, after) * across
                    let lower = value(below, before) * (1 - across) + value(below, after) * across
                    result[(y * width + x) * 3 + channel] = UInt8((upper * (1 - down) + lower * down).rounded())
                }
            }
        }
        return result
    }

    /// Between which two of a range's places each of `count` ones lies that are spread over it, and how far towards the second.
    private static func places(_ range: Range<Int>, count: Int) -> [(Int, Int, Float)] {
        (0..<count).map { place in
            let exact = (Float(place) + 0.5) * Float(range.count) / Float(count) - 0.5
            let lower = max(0, min(Int(exact.rounded(.down)), range.count - 1))
            return (
                range.lowerBound + lower, range.lowerBound + min(lower + 1, range.count - 1),
                max(0, exact - Float(lower))
            )
        }
    }
}
