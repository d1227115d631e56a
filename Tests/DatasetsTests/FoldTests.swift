import Datasets
import Testing

/// Folds of a cross-validation.
@Suite struct FoldTests {
    /// Clips of three classes, in groups of up to eight.
    private func manifest(seed: UInt64, groups: Int = 60) -> Manifest {
        var random = SeededRandom(seed: seed)
        var (labels, names): ([[Int]], [String?]) = ([], [])
        for group in 0..<groups {
            let label = random.integer(below: 3)
            for _ in 0..<1 + random.integer(below: 8) {
                labels.append([random.uniform() < 0.8 ? label : random.integer(below: 3)])
                names.append(random.uniform() < 0.9 ? "g\(group)" : nil)
            }
        }
        return SplitTests.manifest(labels, groups: names)
    }

    @Test(arguments: 0..<10) func everyClipIsHeldOutOnceAndNoGroupIsSplit(seed: UInt64) throws {
        let manifest = manifest(seed: seed)
        let folds = try manifest.folds(count: 4, seed: seed)
        #expect(folds.map(\.name) == ["0", "1", "2", "3"])
        #expect(folds.flatMap(\.heldOut).sorted() == Array(manifest.items.indices))
        for fold in folds {
            #expect((fold.training + fold.heldOut).sorted() == Array(manifest.items.indices))
            let groups = [fold.training, fold.heldOut].map { Set($0.compactMap { manifest.items[$0].group }) }
            #expect(groups[0].isDisjoint(with: groups[1]))
            for label in 0..<3 {
                let total = Double(manifest.items.count { $0.labels == [label] })
                let own = Double(fold.heldOut.count { manifest.items[$0].labels == [label] })
                // Groups have up to 8 clips: no fold can be expected nearer than one of them.
                #expect(abs(own - total / 4) <= 8)
            }
        }
        #expect(try folds == manifest.folds(count: 4, seed: seed))
        #expect(try folds != manifest.folds(count: 4, seed: seed &+ 1))
    }

    /// 5 classes of 7 clips in 3 folds: none differs by more than one clip of a class, nor all in the same fold.
    @Test func clipsWithoutGroupsAreDealtOutEvenly() throws {
        let manifest = SplitTests.manifest((0..<35).map { [$0 % 5] }, classes: 5)
        for fold in try manifest.folds(count: 3, seed: 2) {
            #expect((11...12).contains(fold.heldOut.count))
            for label in 0..<5 {
                #expect((2...3).contains(fold.heldOut.count { manifest.items[$0].labels == [label] }))
            }
        }
    }

    @Test func tooManyFoldsAreRefused() {
        func failure(_ manifest: Manifest, _ count: Int) -> DatasetError? {
            #expect(throws: DatasetError.self) { _ = try manifest.folds(count: count, seed: 1) }
        }
        let three = SplitTests.manifest([[0], [0], [1], [1]], groups: ["a", "a", "b", nil])
        #expect(failure(three, 1)?.code == .badRequest)
        #expect(failure(three, 4)?.description.contains("3 groups") == true)
        #expect(failure(SplitTests.manifest([[0], [9]]), 2)?.code == .unknownLabel)
        #expect((try? three.folds(count: 3, seed: 1))?.count == 3)
    }

    @Test(arguments: 0..<5) func aFoldsTrainingClipsAreSplitByGroup(seed: UInt64) throws {
        var manifest = manifest(seed: seed)
        // A split column says nothing here.
        for index in manifest.items.indices { manifest.items[index].part = .test }
        for fold in try manifest.folds(count: 4, seed: seed) {
            let split = try Split(of: fold, in: manifest, validation: 0.25, seed: seed)
            #expect(split.test == fold.heldOut)
            #expect((split.training + split.validation).sorted() == fold.training)
            let groups = [split.training, split.validation, split.test].map {
                Set($0.compactMap { manifest.items[$0].group })
            }
            #expect(groups[0].isDisjoint(with: groups[1]) && groups[0].union(groups[1]).isDisjoint(with: groups[2]))
            #expect(abs(Double(split.validation.count) / Double(fold.training.count) - 0.25) < 0.1)
        }
    }

    @Test func someOfTheClips() throws {
        let manifest = SplitTests.manifest((0..<30).map { [$0 % 3] })
        let chosen = Array(manifest.items.indices.dropFirst(3).reversed())
        let folds = try manifest.folds(count: 3, of: chosen, seed: 1)
        #expect(folds.flatMap(\.heldOut).sorted() == chosen.sorted())
        for fold in folds {
            #expect(fold.heldOut.count == 9 && (fold.training + fold.heldOut).sorted() == chosen.sorted())
        }
    }

    @Test func positionsOfASelection() throws {
        var manifest = SplitTests.manifest((0..<6).map { [$0 / 3] })
        for index in manifest.items.indices { manifest.items[index].columns["fold"] = "\(index % 3)" }
        let selection = try #require(Manifest.Selection("fold=1"))
        #expect(try manifest.positions(matching: selection) == [1, 4])
        #expect(try manifest.positions(matching: selection, inverted: true) == [0, 2, 3, 5])
        #expect(try manifest.selecting(selection).items == [manifest.items[1], manifest.items[4]])
    }
}
