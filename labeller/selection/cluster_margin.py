"""Cluster-margin: unsure images, spread over clusters (Citovsky et al., "Batch Active Learning at
Scale", NeurIPS 2021, algorithm 1; with k-means in the place of hierarchical clustering)."""

import torch
from torch import Tensor

from labeller.selection.centres import k_means
from labeller.selection.neighbours import nearest
from labeller.selection.sampling import some
from labeller.selection.strategies import Query
from labeller.selection.uncertainty import Margin

UNSURE = 10
"""So many times as many images as are wanted compete, those of the smallest margins."""


class ClusterMargin(Margin):
    def choose(self, query: Query) -> Tensor:
        """In turn from each cluster, the smallest cluster first, its smallest margin first."""
        unsure = self.scores(query).argsort(descending=True, stable=True)[: UNSURE * query.count]
        points = query.features(query.candidates[unsure])
        pool = query.features(query.candidates[some(query, len(unsure))])
        owner = nearest(points, k_means(pool, min(query.count, len(pool)), query.run.seed))[1]
        order = torch.bincount(owner).argsort(stable=True)
        waiting = [(owner == cluster).nonzero().flatten().tolist() for cluster in order]
        chosen: list[int] = []
        while len(chosen) < query.count:
            for members in waiting:
                if members and len(chosen) < query.count:
                    chosen.append(members.pop(0))
        return unsure[torch.tensor(chosen)]
