internal import CFAISS

/// Segments that look alike.
public struct Cluster: Sendable {
    /// Numbers of the segments, the one nearest to the middle first.
    public var segments: [Int64]
    /// The mean cosine of the segments with the middle, -1...1.
    public var cohesion: Double
}

extension Catalogue {
    /// Most segments that are sorted into clusters; of larger catalogues every n-th.
    public static let mostClustered = 200_000

    /// Sorts the segments into clusters, by k-means over the cosines of their vectors (Dhillon and Modha 2001).
    ///
    /// - Parameters:
    ///   - count: how many clusters; where nil, the number up to 64 of which the segments are most clearly in one rather
    ///     than in the next (the simplified silhouette of Hruschka and others 2004).
    ///   - seed: of the first middles: the same gives the same clusters.
    /// - Returns: the largest first; fewer than asked for where some stay empty.
    /// - Throws: `RetrievalError.request` for more clusters than segments, `RetrievalError.catalogue` if it cannot be read.
    /// - Cost: for each number that is tried, 25 times the cosines of all segments with all middles.
    public func clusters(count: Int? = nil, seed: UInt64 = 0) throws -> [Cluster] {
        let step = max(1, (try segmentCount() + Self.mostClustered - 1) / Self.mostClustered)
        var (numbers, vectors, place): ([Int64], [Float], Int) = ([], [], 0)
        let size = settings.dimensions
        try forEachVectors { more, values in
            for (row, number) in more.enumerated() {
                if place % step == 0 {
                    numbers.append(number)
                    vectors += values[row * size..<(row + 1) * size]
                }
                place += 1
            }
        }
        guard !numbers.isEmpty else { return [] }
        if let count, !(1...numbers.count).contains(count) {
            throw RetrievalError(
                .request, "\(path): \(numbers.count) segments cannot be sorted into \(count) clusters; ask for fewer")
        }
        let points = Points(values: vectors, size: size)
        let tried =
            count.map { [$0] } ?? [1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64].filter { 2 * $0 <= max(2, numbers.count) }
        var best: (sorted: Points.Sorted, clarity: Double)?
        for count in tried {
            let sorted = points.sorted(around: try points.centres(count, seed: seed))
            let clarity = sorted.clarity
            if clarity > best?.clarity ?? -2 { best = (sorted, clarity) }
        }
        return best?.sorted.clusters(numbers) ?? []
    }
}

/// Vectors of length 1, to be sorted around centres.
private struct Points {
    let values: [Float]
    let size: Int

    var count: Int { values.count / size }

    func centres(_ count: Int, seed: UInt64) throws -> [Float] {
        var centres = [Float](repeating: 0, count: count * size)
        let fault = unsafe sora_faiss_centres(
            Int32(clamping: size), Int64(self.count), values, Int32(clamping: count), Int32(truncatingIfNeeded: seed),
            &centres)
        if unsafe fault != nil { throw unsafe RetrievalError(.vectors, "clusters: \(FAISSIndex.take(fault))") }
        return centres
    }

    /// For each vector its nearest centre and its cosines with that and the next.
    struct Sorted {
        var nearest: [Int]
        var own: [Float]
        var next: [Float]

        /// How clearly vectors are in their own cluster, -1...1; of one cluster what nothing is clearer than.
        var clarity: Double {
            let each = zip(own, next).map { own, next -> Double in
                let (inside, outside) = (Double(1 - own), Double(1 - next))
                let larger = max(inside, outside)
                return larger > 1e-6 ? (outside - inside) / larger : 0
            }
            // With one cluster there is no next: it wins where two or more are hardly told apart.
            guard next.contains(where: { $0 > -2 }) else { return 0.05 }
            return each.reduce(0, +) / Double(max(each.count, 1))
        }

        func clusters(_ numbers: [Int64]) -> [Cluster] {
            Dictionary(grouping: nearest.indices) { nearest[$0] }.values.map { rows in
                let ranked = rows.sorted { (own[$1], numbers[$0]) < (own[$0], numbers[$1]) }
                return Cluster(
                    segments: ranked.map { numbers[$0] },
                    cohesion: rows.reduce(0.0) { $0 + Double(own[$1]) } / Double(rows.count))
            }.sorted { ($1.segments.count, $0.segments[0]) < ($0.segments.count, $1.segments[0]) }
        }
    }

    func sorted(around centres: [Float]) -> Sorted {
        let clusters = centres.count / size
        var sorted = Sorted(nearest: [], own: [], next: [])
        for row in 0..<count {
            var (nearest, own, next): (Int, Float, Float) = (0, -2, -2)
            for cluster in 0..<clusters {
                var cosine: Float = 0
                for place in 0..<size { cosine += values[row * size + place] * centres[cluster * size + place] }
                if cosine > own { (nearest, own, next) = (cluster, cosine, own) } else { next = max(next, cosine) }
            }
            sorted.nearest.append(nearest)
            sorted.own.append(own)
            sorted.next.append(next)
        }
        return sorted
    }
}
