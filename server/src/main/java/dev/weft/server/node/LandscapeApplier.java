// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.access.AccessControl;
import dev.weft.access.ServiceInstance;
import dev.weft.broker.Administration;
import dev.weft.broker.QueueAttributes;
import dev.weft.queue.MeshException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Does the steps of a plan, one after the other. Blocking. */
final class LandscapeApplier {
  private static final Logger LOG = LoggerFactory.getLogger(LandscapeApplier.class);

  private final AccessControl access;
  private final Administration administration;
  private final Systems systems;

  /** A step that cannot be done. Those before it were done; a repaired landscape goes on there. */
  static final class StepFailed extends Exception {
    private static final long serialVersionUID = 1L;

    StepFailed(Change change, MeshException cause) {
      super(
          change.kind()
              + " '"
              + change.name()
              + (change.instance().isEmpty() ? "" : "' of '" + change.instance())
              + "': "
              + cause.getMessage(),
          cause);
    }
  }

  LandscapeApplier(AccessControl access, Administration administration, Systems systems) {
    this.access = access;
    this.administration = administration;
    this.systems = systems;
  }

  void apply(List<Change> changes) throws StepFailed {
    makeNewQueues(changes);
    for (Change change : changes) {
      try {
        apply(change);
        LOG.atInfo()
            .addKeyValue("action", change.action())
            .addKeyValue("kind", change.kind())
            .addKeyValue("name", change.name())
            .addKeyValue("instance", change.instance())
            .log("Landscape changed");
      } catch (MeshException e) {
        throw new StepFailed(change, e);
      }
    }
  }

  /**
   * A dead message queue must exist before a queue names it, and two queues may name each other: so
   * all instances and queues are made before the first of them gets its attributes.
   */
  private void makeNewQueues(List<Change> changes) throws StepFailed {
    for (Change change : changes) {
      try {
        switch (change) {
          case Change.PutInstance put -> apply(put);
          case Change.PutQueue put when put.action() == Change.Action.CREATE -> {
            ObjectNode attributes = put.queue().attributes().deepCopy();
            attributes.remove("deadMsgQueue");
            administration.putQueue(
                access.instance(put.instance()),
                put.queue().name(),
                QueueAttributes.parse(attributes));
          }
          default -> {}
        }
      } catch (MeshException e) {
        throw new StepFailed(change, e);
      }
    }
  }

  private void apply(Change change) {
    switch (change) {
      case Change.PutInstance put ->
          access.putInstance(put.instance(), put.parameters().toString());
      case Change.DeleteInstance delete -> {
        ServiceInstance instance = access.instance(delete.instance());
        administration.deleteEverything(instance);
        access.deleteInstance(instance.name());
      }
      case Change.PutKey put -> {
        if (put.action() == Change.Action.UPDATE) {
          access.deleteKey(put.instance(), put.name());
        }
        access.createKey(put.instance(), put.name(), put.secret());
      }
      case Change.DeleteKey delete -> access.deleteKey(delete.instance(), delete.name());
      case Change.PutQueue put ->
          administration.putQueue(
              access.instance(put.instance()),
              put.queue().name(),
              QueueAttributes.parse(put.queue().attributes()));
      case Change.DeleteQueue delete ->
          administration.deleteQueue(access.instance(delete.instance()), delete.queue());
      case Change.PutSubscription put ->
          administration.putSubscription(
              access.instance(put.instance()), put.queue(), put.pattern());
      case Change.DeleteSubscription delete ->
          administration.deleteSubscription(
              access.instance(delete.instance()), delete.queue(), delete.pattern());
      case Change.PutWebhook put -> {
        ServiceInstance instance = access.instance(put.instance());
        if (put.action() == Change.Action.UPDATE) {
          administration.deleteWebhook(instance, put.name());
        }
        administration.createWebhook(
            instance, WebhookDocuments.subscription(instance.id(), put.webhook()));
      }
      case Change.PutSystem put -> systems.put(put.name(), put.document());
      case Change.DeleteSystem delete -> systems.delete(delete.name());
      case Change.DeleteWebhook delete ->
          administration.deleteWebhook(access.instance(delete.instance()), delete.name());
    }
  }
}
