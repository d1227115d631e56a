import Datasets
import Testing

/// Folds that are dealt out.
@Suite struct FoldTests {
    private func manifest(_ counts: [Int], groupSize: Int? = nil) -> Manifest {
        var items: [Manifest.Item] = []
        for (label, count) in counts.enumerated() {
            for clip in 0..<count {
                items.append(
                    Manifest.Item(
                        path: "\(label)-\(clip).mp4", labels: [label], group: groupSize.map { "\(label)-\(clip / $0)" })
                )
            }
        }
        return Manifest(source: "test", classes: counts.indices.map { "c\($0)" }, items: items)
    }

    @Test func everyClipIsHeldOutOnce() throws {
        let manifest = manifest([20, 10, 5])
        let items = Array(manifest.items.indices.dropFirst(2))
        let folds = try manifest.folds(5, of: items, seed: 3)
        #expect(folds.count == 5 && folds.map(\.name) == ["1", "2", "3", "4", "5"])
        #expect(folds.flatMap(\.heldOut).sorted() == items)
        for fold in folds {
            #expect((fold.training + fold.heldOut).sorted() == items)
            // Of each class about a fifth.
            #expect([3, 4].contains(fold.heldOut.count { manifest.items[$0].labels == [0] }))
            #expect(fold.heldOut.count { manifest.items[$0].labels == [1] } == 2)
            #expect(fold.heldOut.count { manifest.items[$0].labels == [2] } == 1)
        }
        #expect(try manifest.folds(5, of: items, seed: 3) == folds)
        #expect(try manifest.folds(5, of: items, seed: 4) != folds)
    }

    @Test func groupsStayTogether() throws {
        let manifest = manifest([24, 24], groupSize: 4)
        for fold in try manifest.folds(3, of: Array(manifest.items.indices), seed: 1) {
            let sides = [fold.training, fold.heldOut].map { Set($0.compactMap { manifest.items[$0].group }) }
            #expect(sides[0].isDisjoint(with: sides[1]))
            #expect(fold.heldOut.count == 16)
        }
    }

    @Test func tooFewClipsAreAnError() throws {
        let error = #expect(throws: DatasetError.self) {
            try manifest([8, 8], groupSize: 8).folds(3, of: Array(0..<16), seed: 1)
        }
        #expect(error?.code == .unsplittable)
        #expect(throws: DatasetError.self) { try manifest([8]).folds(1, of: Array(0..<8), seed: 1) }
    }

    @Test func positionsOfASelection() throws {
        var manifest = manifest([3, 3])
        for index in manifest.items.indices { manifest.items[index].columns["fold"] = "\(index % 3)" }
        let selection = try #require(Manifest.Selection("fold=1"))
        #expect(try manifest.positions(matching: selection) == [1, 4])
        #expect(try manifest.positions(matching: selection, inverted: true) == [0, 2, 3, 5])
        #expect(try manifest.selecting(selection).items == [manifest.items[1], manifest.items[4]])
    }
}
