internal import Media

/// A second look at two clips that seem to be copies: whether the fine structure of their pictures is the same, as it is
/// through re-encoding, and is not where things happen to move alike before different grounds.
///
/// At eight moments that both show, the pictures are made 32x32 grey levels less the mean of the 5x5 around each, and
/// correlated in 16 blocks; the median of the blocks leaves logos aside, that of the moments what only passes. Of the second
/// clip the best of seven times about each moment counts, since the shift between two signatures is a whole number of their
/// steps; and a zoom by up to an eighth is undone.
struct DetailCheck: Sendable {
    /// The least agreement of two copies: re-encoded ones reach 0.94, other clips before calm grounds 0.22.
    static let least: Float = 0.5
    private static let side = 32
    private static let blocks = 4
    private static let moments = 8
    /// Root of the mean square of a block below which there is nothing to see in it, in grey levels.
    private static let faintest: Float = 0.5
    private static let zooms: [Float] = [1.06, 1.12]

    private let items: [Manifest.Item]
    private let facts: [ClipFacts?]

    /// - Parameter clips: what was found in each clip of the manifest, in its order.
    init(_ manifest: Manifest, _ clips: [ExaminedClip]) {
        items = manifest.items
        facts = clips.map(\.facts)
    }

    /// How far the fine structure of two clips is the same, -1...1; nil where there is none, or it cannot be decoded any more.
    /// Cost: a decode of both.
    func agreement(_ match: ClipMatch) -> Float? {
        guard items.indices.contains(match.second), let first = facts[match.first], let second = facts[match.second]
        else { return nil }
        let start = max(0, -match.shift)
        let end = min(first.seconds, second.seconds - match.shift)
        let times = (0..<Self.moments).map { start + (Double($0) + 0.5) * max(0, end - start) / Double(Self.moments) }
        let step = max(first.signature.step, second.signature.step)
        let about = (-3...3).map { Double($0) * step / 6 }
        guard let own = pictures(match.first, times, last: first.seconds),
            let others = pictures(
                match.second, times.flatMap { time in about.map { time + match.shift + $0 } }, last: second.seconds)
        else { return nil }
        let turned = others.map { $0.turned(match.symmetry) }
        // Which of the times about each moment is the one, and how far both agree then.
        let details = turned.map(\.detail)
        let found = own.indices.map { moment in
            let own = own[moment].detail
            return about.indices
                .map { (moment * about.count + $0, own.agreement(details[moment * about.count + $0])) }
                .max { $0.1 ?? -1 < $1.1 ?? -1 } ?? (moment * about.count, nil)
        }
        guard let plain = Self.median(found.compactMap(\.1)) else { return nil }
        guard plain < Self.least else { return plain }
        let zoomed = (Self.zooms.map { ($0, 1) } + Self.zooms.map { (1, $0) }).compactMap { zoom, otherZoom in
            Self.median(
                zip(own, found).compactMap { own, found in
                    own.zoomed(zoom).detail.agreement(turned[found.0].zoomed(otherZoom).detail)
                })
        }
        return max(plain, zoomed.max() ?? -1)
    }

    /// The pictures shown at some times of a clip, which may lie outside it.
    private func pictures(_ clip: Int, _ times: [Double], last: Double) -> [Picture]? {
        let item = items[clip]
        let begin = item.start?.seconds ?? 0
        // A request takes times in order; a clip's last frame begins before its end.
        let wanted = times.map { begin + min(max(0, $0), max(0, last - 0.02)) }
        let order = wanted.indices.sorted { wanted[$0] < wanted[$1] }
        let request = FrameRequest(
            sampling: .times(order.map { MediaTime(seconds: wanted[$0]) }),
            resize: .exact(width: Self.side, height: Self.side), damage: .hold, origin: .firstFrame)
        guard let frames = try? VideoReader(path: item.path, threads: 1).read(request), frames.count == times.count
        else { return nil }
        var pictures = [Picture](repeating: Picture(levels: []), count: times.count)
        for (place, index) in order.enumerated() {
            let greys = Luma.plane(of: frames.bytes[frames.byteRange(of: place)])
            pictures[index] = Picture(levels: greys.map { Float($0) })
        }
        return pictures
    }

    private static func median(_ values: [Float]) -> Float? {
        values.isEmpty ? nil : values.sorted()[values.count / 2]
    }

    /// `[row, column]`.
    private struct Picture {
        var levels: [Float]

        func turned(_ symmetry: ClipMatch.Symmetry) -> Picture {
            Picture(levels: levels.indices.map { levels[symmetry.place($0, side: DetailCheck.side)] })
        }

        /// The middle, enlarged.
        func zoomed(_ zoom: Float) -> Picture {
            guard zoom != 1 else { return self }
            let side = DetailCheck.side
            let middle = Float(side - 1) / 2
            func source(_ place: Int) -> (Int, Float) {
                let exact = middle + (Float(place) - middle) / zoom
                let whole = min(Int(exact), side - 2)
                return (whole, exact - Float(whole))
            }
            let sources = (0..<side).map(source)
            var result: [Float] = []
            for (row, down) in sources {
                for (column, right) in sources {
                    let place = row * side + column
                    let upper = levels[place] + (levels[place + 1] - levels[place]) * right
                    let lower = levels[place + side] + (levels[place + side + 1] - levels[place + side]) * right
                    result.append(upper + (lower - upper) * down)
                }
            }
            return Picture(levels: result)
        }

        /// Each level less the mean of the 5x5 around it, those beyond the edge being as the edge.
        var detail: Picture {
            let side = DetailCheck.side
            let across = Self.smoothed(levels, lines: side, step: 1)
            let smooth = Self.smoothed(across, lines: 1, step: side)
            return Picture(levels: zip(levels, smooth).map { $0 - $1 })
        }

        /// Means of five along each line: lines begin `lines` apart, their levels lie `step` apart.
        private static func smoothed(_ levels: [Float], lines: Int, step: Int) -> [Float] {
            let side = DetailCheck.side
            var result = levels
            for line in 0..<side {
                let first = line * lines
                let last = first + (side - 1) * step
                var sum = 3 * levels[first] + levels[first + step] + levels[first + 2 * step]
                for place in stride(from: first, through: last, by: step) {
                    result[place] = sum / 5
                    sum += levels[min(place + 3 * step, last)] - levels[max(place - 2 * step, first)]
                }
            }
            return result
        }

        /// The median over blocks of their cosines; nil where there is nothing to see in either.
        func agreement(_ other: Picture) -> Float? {
            let (side, blocks) = (DetailCheck.side, DetailCheck.blocks)
            let size = side / blocks
            let least = DetailCheck.faintest * DetailCheck.faintest * Float(size * size)
            var found: [Float] = []
            for block in 0..<blocks * blocks {
                var (product, own, others): (Float, Float, Float) = (0, 0, 0)
                for row in 0..<size {
                    let start = (block / blocks * size + row) * side + block % blocks * size
                    for place in start..<start + size {
                        product += levels[place] * other.levels[place]
                        own += levels[place] * levels[place]
                        others += other.levels[place] * other.levels[place]
                    }
                }
                if min(own, others) > least {
                    found.append(product / (own * others).squareRoot())
                } else if max(own, others) > 16 * least {
                    // Much in one and nothing in the other.
                    found.append(0)
                }
            }
            return DetailCheck.median(found)
        }
    }
}
