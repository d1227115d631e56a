internal import Media

/// How the second of two copies differs from the first, as far as a few of their frames show.
public struct CopyDifference: Sendable, Hashable, Codable {
    /// Left and right are changed.
    public var isMirrored = false
    /// It stands on its head: turned by half a round.
    public var isUpended = false
    /// The share of the first one's picture that the second shows; 1 where neither is cropped; above 1 where the first is.
    public var crop = 1.0
    /// By what contrast is multiplied, what brightness is added, of 255, and by what colour is multiplied.
    public var contrast = 1.0
    /// Added, of 255.
    public var brightness = 0.0
    /// By what colour is multiplied.
    public var saturation = 1.0
    /// The share of the picture that nothing else explains: a mark, bars, another subtitle.
    public var covered = 0.0

    /// Compares frames that go together.
    /// - Parameter times: of frames, in seconds from each file's first one; at most three of them are looked at.
    /// - Throws: `MediaError` if a file cannot be read any more.
    public init(between first: String, and second: String, at times: [(first: Double, second: Double)]) throws {
        let chosen = times.count > 3 ? [1, 3, 5].map { times[$0 * times.count / 6] } : times
        guard !chosen.isEmpty else { return }
        let (a, b) = (
            try Self.pictures(first, chosen.map(\.first)), try Self.pictures(second, chosen.map(\.second))
        )
        guard a.count == b.count, !a.isEmpty else { return }
        let crops: [Double] = [1, 0.9, 0.8, 0.7, 0.6, 0.5]
        var best = -2.0
        for (upended, mirrored) in [(false, false), (false, true), (true, false), (true, true)] {
            let second = b.map { $0.turned(mirrored: mirrored, upended: upended) }
            for share in crops {
                for (forward, sides) in [(true, share), (false, 1 / share)] where forward || share < 1 {
                    // The smaller picture lies somewhere in the other one.
                    let (whole, part) = forward ? (a, second) : (second, a)
                    let (likeness, _) = Picture.best(part, in: whole, share: share)
                    // What explains more must explain it better.
                    let gain = likeness - 0.01 * (1 - share) - (mirrored ? 0.01 : 0) - (upended ? 0.01 : 0)
                    if gain > best {
                        (best, isMirrored, isUpended, crop) = (gain, mirrored, upended, sides * sides)
                    }
                }
            }
        }
        let aligned = b.map { $0.turned(mirrored: isMirrored, upended: isUpended) }
        let share = min(crop, 1 / crop).squareRoot()
        let (whole, part) = crop <= 1 ? (a, aligned) : (aligned, a)
        let place = Picture.best(part, in: whole, share: share).place
        let cut = whole.map { $0.cut(place, share: share) }
        let (before, after) = crop <= 1 ? (cut, part) : (part, cut)
        (contrast, brightness) = Picture.light(before, after)
        saturation = Picture.colour(after) / max(Picture.colour(before) * contrast, 1e-3)
        if Picture.colour(before) < 4 { saturation = 1 }
        covered = Picture.unexplained(before, after, contrast, brightness)
    }

    /// In words, the plainest first; empty where no difference is to be seen.
    public var words: [String] {
        var words: [String] = []
        if isUpended { words.append("on its head") }
        if isMirrored { words.append("mirrored") }
        if crop < 0.9 { words.append("cropped to \(Int((100 * crop).rounded()))%") }
        if crop > 1.1 { words.append("the first is cropped to \(Int((100 / crop).rounded()))%") }
        if saturation < 0.25 {
            words.append("without colour")
        } else if abs(contrast - 1) > 0.15 || abs(brightness) > 15 || abs(saturation - 1) > 0.25 {
            words.append("recoloured")
        }
        if covered > 0.03 { words.append("\(Int((100 * covered).rounded()))% of the picture covered") }
        return words
    }

    private static func pictures(_ path: String, _ times: [Double]) throws -> [Picture] {
        let side = Picture.side
        let request = FrameRequest(
            sampling: .times(times.map(MediaTime.init(seconds:))), resize: .exact(width: side, height: side),
            origin: .firstFrame)
        let frames = try VideoReader(path: path).read(request)
        return (0..<frames.count).map { Picture(frames.bytes[frames.byteRange(of: $0)]) }
    }
}

/// A small picture of a frame: levels of grey and of two differences of colour.
struct Picture {
    static let side = 48

    private var grey: [Float]
    private var colour: [SIMD2<Float>]

    init(_ bytes: ArraySlice<UInt8>) {
        let pixels = (0..<Self.side * Self.side).map { pixel in
            let place = bytes.startIndex + 3 * pixel
            return SIMD3(Float(bytes[place]), Float(bytes[place + 1]), Float(bytes[place + 2]))
        }
        grey = pixels.map { Luma.of($0) }
        colour = zip(pixels, grey).map { SIMD2($0.x - $1, $0.z - $1) }
    }

    private init(grey: [Float], colour: [SIMD2<Float>]) { (self.grey, self.colour) = (grey, colour) }

    private func map(_ from: (Int, Int) -> Int) -> Picture {
        let places = (0..<Self.side * Self.side).map { from($0 / Self.side, $0 % Self.side) }
        return Picture(grey: places.map { grey[$0] }, colour: places.map { colour[$0] })
    }

    func turned(mirrored: Bool, upended: Bool) -> Picture {
        map { row, column in
            // On its head, left and right change too.
            (upended ? Self.side - 1 - row : row) * Self.side
                + (mirrored == upended ? column : Self.side - 1 - column)
        }
    }

    /// A part of the picture, as large as the whole.
    /// - Parameter place: how far from the top and the left it begins, in pixels.
    func cut(_ place: (top: Int, left: Int), share: Double) -> Picture {
        map { row, column in
            let (y, x) = (place.top + Int(Double(row) * share), place.left + Int(Double(column) * share))
            return min(y, Self.side - 1) * Self.side + min(x, Self.side - 1)
        }
    }

    /// Where pictures lie in others with a share of their sides, and the mean correlation there.
    static func best(_ parts: [Picture], in wholes: [Picture], share: Double) -> (
        likeness: Double, place: (top: Int, left: Int)
    ) {
        let room = side - Int((Double(side) * share).rounded(.up))
        var best: (Double, (top: Int, left: Int)) = (-2, (0, 0))
        for top in stride(from: 0, through: room, by: 2) {
            for left in stride(from: 0, through: room, by: 2) {
                let sum = zip(parts, wholes).reduce(0.0) { $0 + $1.0.correlation($1.1.cut((top, left), share: share)) }
                if sum / Double(parts.count) > best.0 { best = (sum / Double(parts.count), (top, left)) }
            }
        }
        return best
    }

    private func correlation(_ other: Picture) -> Double {
        let (a, b) = (grey, other.grey)
        let count = Float(a.count)
        let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
        var (ab, aa, bb): (Float, Float, Float) = (0, 0, 0)
        for index in a.indices {
            let (x, y) = (a[index] - meanA, b[index] - meanB)
            (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y)
        }
        return aa > 0 && bb > 0 ? Double(ab / (aa * bb).squareRoot()) : 0
    }

    /// The straight line from the first pictures' grey levels to the second's.
    static func light(_ first: [Picture], _ second: [Picture]) -> (contrast: Double, brightness: Double) {
        let (a, b) = (first.flatMap(\.grey), second.flatMap(\.grey))
        let count = Double(a.count)
        let (meanA, meanB) = (Double(a.reduce(0, +)) / count, Double(b.reduce(0, +)) / count)
        var (ab, aa) = (0.0, 0.0)
        for index in a.indices {
            let x = Double(a[index]) - meanA
            (ab, aa) = (ab + x * (Double(b[index]) - meanB), aa + x * x)
        }
        let contrast = aa > 0 ? ab / aa : 1
        return (contrast, meanB - contrast * meanA + (contrast - 1) * 128)
    }

    /// The mean length of the differences of colour.
    static func colour(_ pictures: [Picture]) -> Double {
        let all = pictures.flatMap(\.colour)
        return all.reduce(0.0) { $0 + Double(($1 * $1).sum().squareRoot()) } / Double(max(all.count, 1))
    }

    /// The share of pixels that differ by more than a quarter of the range once the light is accounted for.
    static func unexplained(_ first: [Picture], _ second: [Picture], _ contrast: Double, _ brightness: Double) -> Double
    {
        let (a, b) = (first.flatMap(\.grey), second.flatMap(\.grey))
        let offset = brightness - (contrast - 1) * 128
        let strange = zip(a, b).count { abs(Double($0) * contrast + offset - Double($1)) > 64 }
        return Double(strange) / Double(max(a.count, 1))
    }
}
