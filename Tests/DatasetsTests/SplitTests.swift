import Datasets
import Foundation
import Media
import Testing

@Suite("Split")
struct SplitTests {
    static func manifest(_ labels: [[Int]], groups: [String?] = [], parts: [Split.Part?] = [], classes: Int = 3)
        -> Manifest
    {
        Manifest(
            source: "made", classes: (0..<classes).map { "c\($0)" },
            items: labels.enumerated().map { index, label in
                .init(
                    path: "\(index).mp4", labels: label, part: index < parts.count ? parts[index] : nil,
                    group: index < groups.count ? groups[index] : nil)
            })
    }

    @Test func everyClassHasItsShare() throws {
        let labels = (0..<130).map { [$0 < 100 ? 0 : $0 < 120 ? 1 : 2] }
        let manifest = Self.manifest(labels)
        let split = try Split(of: manifest, validation: 0.2, test: 0.1, seed: 4)
        func counts(_ part: [Int]) -> [Int] { (0..<3).map { c in part.count { labels[$0] == [c] } } }
        #expect(counts(split.training) == [70, 14, 7])
        #expect(counts(split.validation) == [20, 4, 2])
        #expect(counts(split.test) == [10, 2, 1])
        #expect((split.training + split.validation + split.test).sorted() == Array(0..<130))
        #expect(split.training == split.training.sorted())
        #expect(try split == Split(of: manifest, validation: 0.2, test: 0.1, seed: 4))
        #expect(try split != Split(of: manifest, validation: 0.2, test: 0.1, seed: 5))
    }

    @Test(arguments: 0..<20) func groupsStayWhole(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var labels: [[Int]] = []
        var groups: [String?] = []
        for group in 0..<30 {
            let label = random.integer(below: 3)
            for _ in 0..<1 + random.integer(below: 8) {
                labels.append([random.uniform() < 0.8 ? label : random.integer(below: 3)])
                groups.append(random.uniform() < 0.9 ? "g\(group)" : nil)
            }
        }
        let split = try Split(of: Self.manifest(labels, groups: groups), validation: 0.25, test: 0.15, seed: seed)
        let parts = [split.training, split.validation, split.test]
        #expect(parts.flatMap { $0 }.sorted() == Array(labels.indices))
        let sets = parts.map { Set($0.compactMap { groups[$0] }) }
        #expect(
            sets[0].isDisjoint(with: sets[1]) && sets[0].isDisjoint(with: sets[2]) && sets[1].isDisjoint(with: sets[2]))
        for (part, share) in zip(parts, [0.6, 0.25, 0.15]) {
            for label in 0..<3 {
                let total = Double(labels.count { $0 == [label] })
                // Groups have up to 8 clips: no part can be expected nearer than one of them.
                #expect(abs(Double(part.count { labels[$0] == [label] }) - share * total) <= 8)
            }
        }
    }

    /// Without groups, what is cut from one video stays together all the same.
    @Test func videosStayWhole() throws {
        var manifest = Self.manifest((0..<60).map { [$0 % 3] })
        for index in manifest.items.indices {
            manifest.items[index].path = "\(index / 3).mp4"
            manifest.items[index].start = MediaTime(value: Int64(index % 3), timescale: 1)
        }
        for seed in 0..<10 as Range<UInt64> {
            let split = try Split(of: manifest, validation: 0.25, seed: seed)
            let videos = [split.training, split.validation].map { Set($0.map { manifest.items[$0].path }) }
            #expect(videos[0].isDisjoint(with: videos[1]) && videos[1].count == 5)
        }
    }

    @Test func severalLabelsAClip() throws {
        let labels = (0..<60).map { $0 % 4 == 0 ? [0, 1] : $0 % 4 == 1 ? [] : [$0 % 3] }
        let split = try Split(of: Self.manifest(labels), validation: 0.25, seed: 1)
        #expect((14...16).contains(split.validation.count))
        let both = split.validation.count { labels[$0] == [0, 1] }
        #expect((2...6).contains(both))
    }

    @Test func theColumnIsHonoured() throws {
        let parts: [Split.Part?] = [.training, .test, .training, .validation]
        let split = try Split(of: Self.manifest([[0], [0], [1], [1]], parts: parts), seed: 1)
        #expect(split == Split(training: [0, 2], validation: [3], test: [1]))
        let noValidation: [Split.Part?] = Array(repeating: .training, count: 10) + [.test, .test]
        let cut = try Split(of: Self.manifest((0..<12).map { [$0 % 2] }, parts: noValidation), validation: 0.2, seed: 1)
        #expect((cut.training.count, cut.validation.count) == (8, 2))
        #expect(cut.test == [10, 11])
    }

    @Test func whatCannotBeSplitIsSaid() {
        func failure(_ manifest: Manifest, validation: Double = 0.2) -> DatasetError? {
            #expect(throws: DatasetError.self) { _ = try Split(of: manifest, validation: validation, seed: 1) }
        }
        #expect(failure(Self.manifest([[0], [1]], parts: [.training, nil]))?.code == .unsplittable)
        #expect(failure(Self.manifest([[0], [1]], parts: [.test, .validation]))?.code == .unsplittable)
        #expect(failure(Self.manifest([[0], [0]], groups: ["g", "g"]))?.description.contains("groups") == true)
        #expect(
            failure(Self.manifest([[0], [0]], groups: ["g", "g"], parts: [.training, .validation]))?.description
                .contains("\"g\"") == true)
        #expect(failure(Self.manifest([[0]]))?.code == .unsplittable)
        #expect(failure(Self.manifest([[0], [0]]), validation: 1)?.code == .badRequest)
        #expect(failure(Self.manifest([[0], [0]]), validation: .nan)?.code == .badRequest)
    }

    /// Labels of a manifest made in code may be anything.
    @Test(arguments: [3, -1, Int.max, Int.min]) func labelsBeyondTheClassesAreErrors(label: Int) {
        for (labels, groups) in [
            ([[0], [1], [label], [0]], []), ([[0], [1], [0, label]], ["a", "b", "c"]),
            ([[label], [label]], ["a", "b"]),
        ] as [([[Int]], [String?])] {
            let error = #expect(throws: DatasetError.self) {
                try Split(of: Self.manifest(labels, groups: groups), validation: 0.3, seed: 1)
            }
            #expect(error?.code == .unknownLabel && error?.description.contains("label \(label)") == true)
        }
    }

    @Test func aClassOfOneClipIsTrainedWith() throws {
        let split = try Split(of: Self.manifest([[0], [0], [0], [1]]), validation: 0.3, seed: 2)
        #expect(split.training.contains(3))
        #expect(split.validation.count == 1)
    }
}
