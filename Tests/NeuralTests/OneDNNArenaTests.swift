import Neural
import Testing

/// Blocks that live at the same time never overlap, whatever their sizes and lifetimes.
@Suite struct OneDNNArenaTests {
    @Test(arguments: 0..<40)
    func blocksDoNotOverlap(_ seed: Int) {
        var random = TestRandom("arena \(seed)")
        func number(_ below: Int) -> Int { Int(random.uniform() * Double(below)) }
        let blocks = (0..<number(120)).map { _ in
            let first = number(50)
            return Lifetime(byteCount: number(5000), steps: first...first + number(12))
        }
        let layout = ArenaLayout(blocks)
        for (i, a) in blocks.enumerated() {
            #expect(layout.offsets[i] % ArenaLayout.alignment == 0)
            #expect(layout.offsets[i] >= 0 && layout.offsets[i] + a.byteCount <= layout.byteCount)
            for (j, b) in blocks.enumerated() where j < i && a.steps.overlaps(b.steps) {
                #expect(
                    layout.offsets[i] + a.byteCount <= layout.offsets[j]
                        || layout.offsets[j] + b.byteCount <= layout.offsets[i])
            }
        }
        let peak =
            (0..<70).map { step in
                blocks.filter { $0.steps.contains(step) }.map(\.byteCount).reduce(0, +)
            }.max() ?? 0
        #expect(layout.byteCount >= peak)
        #expect(layout.byteCount <= blocks.map { ($0.byteCount + 127) / 64 * 64 }.reduce(0, +))
    }

    @Test func memoryIsUsedAgain() {
        let chain = (0..<20).map { Lifetime(byteCount: 6400, steps: $0...$0 + 1) }
        #expect(ArenaLayout(chain).byteCount == 12800)
        #expect(ArenaLayout([]).byteCount == 0)
    }
}
