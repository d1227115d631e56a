internal import Classifiers
internal import Foundation

/// Spreads labels from the segments that somebody gave them to over all others, and says which segment to label next.
///
/// A classifier over the segments' vectors (balanced logistic regression) tells the labels apart, and from some segments that
/// have none. Some of those would have a label if somebody had come to them, so how likely a label seems is divided by how
/// likely it seems where it was given (Elkan and Noto 2008). It is fitted anew in a fraction of a second whenever labels
/// have changed.
public struct Tagger: Sendable {
    /// The labels that were given, in alphabetical order.
    public let names: [String]
    /// How many segments have each of them.
    public let counts: [Int]
    /// Of how many of the labels given the classifier would be right if it had seen none of their videos; nil where a label
    /// was given in one video only.
    public let accuracy: Double?
    private let classifier: any Classifier
    private let given: Set<Int64>
    /// How likely the classifier thinks each label where it was given, on average.
    private let givenLikelihoods: [Double]

    /// Fits the classifier to the labels that a catalogue has.
    /// - Parameter seed: of the choice of segments without labels.
    /// - Throws: `RetrievalError.request` if no label was given.
    public init(_ catalogue: Catalogue, seed: UInt64 = 0) throws {
        let labels = try catalogue.givenLabels()
        guard !labels.isEmpty else {
            throw RetrievalError(
                .request, "\(catalogue.path): no segment has a label yet; 'sora tag give' gives one")
        }
        let names = Set(labels.map(\.name)).sorted()
        let given = Set(labels.map(\.segment))
        let known = try catalogue.segments(Array(given))
        var rows: [(vector: [Float], label: Int, video: Int64)] = labels.compactMap { segment, name in
            guard let (found, video) = known[segment], let label = names.firstIndex(of: name) else { return nil }
            return (found.vector, label, video)
        }
        let labelled = rows
        let others = try Self.unlabelled(catalogue, count: max(20, 2 * rows.count), without: given, seed: seed)
        rows += others.map { ($0.vector, names.count, $0.video) }
        let size = catalogue.settings.dimensions
        self.names = names
        self.given = given
        counts = names.indices.map { label in labelled.count { $0.label == label } }
        let classifier = try Self.fit(rows.map { ($0.vector, $0.label) }, size: size, classes: names.count + 1)
        givenLikelihoods = try names.indices.map { label in
            let own = try labelled.filter { $0.label == label }.map { try classifier.probabilities($0.vector)[label] }
            return own.isEmpty ? 1 : Double(own.reduce(0, +)) / Double(own.count)
        }
        self.classifier = classifier
        accuracy = try Self.accuracy(labelled, others: others, size: size, classes: names.count)
    }

    private static func fit(_ rows: [(vector: [Float], label: Int)], size: Int, classes: Int) throws -> any Classifier {
        let present = Set(rows.map(\.label))
        // Where all segments have labels, there is none without; of one label alone nothing is to be told.
        guard present.count > 1 else {
            throw RetrievalError(
                .request, "all segments have the same label, so there is nothing to tell apart; give another one too")
        }
        let data = try LabelledVectors(
            rows.flatMap(\.vector), labels: rows.map(\.label), featureCount: size, classCount: classes, isBalanced: true
        )
        return LogisticRegression(evenly: data)
    }

    /// Segments that nobody labelled, by chance.
    private static func unlabelled(_ catalogue: Catalogue, count: Int, without given: Set<Int64>, seed: UInt64) throws
        -> [(vector: [Float], video: Int64)]
    {
        let all = try catalogue.segmentNumbers().filter { !given.contains($0) }
        // Those whose numbers, scattered, are the smallest: the same ones as long as the catalogue is the same.
        let chosen = all.map { (scattered($0, seed), $0) }.sorted { $0 < $1 }.prefix(count).map(\.1)
        return try catalogue.segments(chosen).sorted { $0.key < $1.key }.map {
            ($0.value.segment.vector, $0.value.video)
        }
    }

    /// A number that looks like chance (the finaliser of SplitMix64; Steele and others 2014).
    private static func scattered(_ number: Int64, _ seed: UInt64) -> UInt64 {
        var z = UInt64(bitPattern: number) &+ seed &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// Each video's labels told by a classifier of all others'.
    private static func accuracy(
        _ rows: [(vector: [Float], label: Int, video: Int64)], others: [(vector: [Float], video: Int64)], size: Int,
        classes: Int
    ) throws -> Double? {
        let videos = Dictionary(grouping: rows, by: \.video)
        let spread = (0..<classes).allSatisfy { label in Set(rows.filter { $0.label == label }.map(\.video)).count > 1 }
        guard classes > 1, spread else { return nil }
        // Ten parts of the videos at most.
        let parts = Dictionary(grouping: videos.keys.sorted().enumerated()) { $0.offset % 10 }.values.map {
            Set($0.map(\.element))
        }
        var right = 0
        for part in parts {
            let kept = rows.filter { !part.contains($0.video) }.map { ($0.vector, $0.label) }
            guard Set(kept.map(\.1)).count > 1 else { continue }
            let classifier = try fit(kept, size: size, classes: classes)
            for row in rows where part.contains(row.video) {
                if try classifier.probabilities(row.vector).likeliest == row.label { right += 1 }
            }
        }
        return Double(right) / Double(rows.count)
    }

    /// How likely each of `names` is for a segment's vector; what is missing to 1 is none of them.
    public func probabilities(_ vector: [Float]) throws -> [Double] {
        let found = zip(try classifier.probabilities(vector), givenLikelihoods).map {
            min(Double($0) / max($1, 1e-6), 1)
        }
        // Together they are no more than certain.
        let sum = max(found.reduce(0, +), 1)
        return found.map { $0 / sum }
    }

    /// Labels all segments that nobody labelled, where a label is likely enough, in the place of what was labelled so before.
    /// - Parameter above: how likely a label has to be, 0...1.
    /// - Returns: how many segments got each of `names`.
    public func spread(over catalogue: Catalogue, above: Double) throws -> [Int] {
        var found: [(segment: Int64, label: Catalogue.Label)] = []
        var spread = [Int](repeating: 0, count: names.count)
        try forEach(catalogue) { number, probabilities in
            for (place, probability) in probabilities.enumerated() where probability >= above {
                found.append((number, Catalogue.Label(name: names[place], isGiven: false, probability: probability)))
                spread[place] += 1
            }
        }
        try catalogue.replaceDerivedLabels(by: found)
        return spread
    }

    /// The segments whose labels would teach most: those of the largest entropy, and not twice of the same kind.
    /// - Parameter count: how many.
    public func mostUseful(in catalogue: Catalogue, count: Int) throws -> [Int64] {
        var doubts: [(doubt: Double, number: Int64)] = []
        try forEach(catalogue) { number, probabilities in
            // What is none of the labels counts as one more.
            let all = probabilities + [max(0, 1 - probabilities.reduce(0, +))]
            doubts.append((all.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }, number))
        }
        let ranked = doubts.sorted { ($1.doubt, $0.number) < ($0.doubt, $1.number) }.prefix(max(200, 10 * count))
        let known = try catalogue.segments(ranked.map(\.number))
        var chosen: [(number: Int64, vector: [Float])] = []
        for number in ranked.map(\.number) where chosen.count < count {
            guard let vector = known[number]?.segment.vector else { continue }
            let isNew = chosen.allSatisfy { zip($0.vector, vector).reduce(0) { $0 + $1.0 * $1.1 } < 0.95 }
            if isNew { chosen.append((number, vector)) }
        }
        return chosen.map(\.number)
    }

    /// Of each segment that nobody labelled, the probabilities of `names`.
    private func forEach(_ catalogue: Catalogue, _ body: (Int64, [Double]) throws -> Void) throws {
        let size = catalogue.settings.dimensions
        try catalogue.forEachVectors { numbers, vectors in
            for (row, number) in numbers.enumerated() where !given.contains(number) {
                try body(number, probabilities(Array(vectors[row * size..<(row + 1) * size])))
            }
        }
    }
}

extension Catalogue {
    /// Segments to begin labelling with, as unlike each other as there are: each is the least like those before it.
    /// - Parameter count: how many.
    public func mostDifferent(count: Int) throws -> [Int64] {
        let all = try segmentNumbers()
        let step = max(1, all.count / 2000)
        let sample = try segments(stride(from: 0, to: all.count, by: step).map { all[$0] })
            .sorted { $0.key < $1.key }.map { (number: $0.key, vector: $0.value.segment.vector) }
        guard let first = sample.first else { return [] }
        var chosen = [first.number]
        var nearest = sample.map { zip($0.vector, first.vector).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
        while chosen.count < min(count, sample.count) {
            let next = nearest.indices.min { nearest[$0] < nearest[$1] } ?? 0
            chosen.append(sample[next].number)
            for place in sample.indices {
                let cosine = zip(sample[place].vector, sample[next].vector).reduce(Float(0)) { $0 + $1.0 * $1.1 }
                nearest[place] = max(nearest[place], cosine)
            }
        }
        return chosen
    }
}
