// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Control frames as RFC 6455 has them (5.5), and no more than one end of a connection. */
class WebSocketEndTest {
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
  private int gone;

  private final WebSocketEnd end =
      new WebSocketEnd(
          new Transport.Listener() {
            @Override
            public void received(byte[] bytes, int at, int end) {
              heard.write(bytes, at, end - at);
            }

            @Override
            public void writable() {
              // The lane says so.
            }

            @Override
            public void gone() {
              gone++;
            }
          });

  private final EmbeddedChannel channel = new EmbeddedChannel(end);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    assertThat(gone).isEqualTo(1);
  }

  @Test
  void aPingIsAnsweredWithItsBytes() {
    channel.writeInbound(new PingWebSocketFrame(Unpooled.copiedBuffer(new byte[] {1, 2, 3})));

    PongWebSocketFrame pong = channel.readOutbound();
    assertThat(pong.content()).isEqualTo(Unpooled.copiedBuffer(new byte[] {1, 2, 3}));
    pong.release();
    channel.writeInbound(new PongWebSocketFrame());
    assertThat(channel.<Object>readOutbound()).isNull();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aCloseIsAnsweredWithItsCodeAndTheServerHangsUp() {
    channel.writeInbound(new CloseWebSocketFrame(1001, "away"));

    CloseWebSocketFrame answer = channel.readOutbound();
    assertThat(answer.statusCode()).isEqualTo(1001);
    answer.release();
    assertThat(channel.isOpen()).isFalse();
    assertThat(end.isClosed()).isTrue();
  }

  @Test
  void ourCloseWaitsForItsAnswer() {
    end.close(channel.pipeline().firstContext(), Transport.CLOSE_NORMAL);
    end.close(channel.pipeline().firstContext(), Transport.CLOSE_UNSUPPORTED_DATA);

    CloseWebSocketFrame close = channel.readOutbound();
    assertThat(close.statusCode()).isEqualTo(1000);
    close.release();
    assertThat(channel.<Object>readOutbound()).isNull();
    assertThat(channel.isOpen()).isTrue();

    channel.writeInbound(new CloseWebSocketFrame(1000, ""));
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.<Object>readOutbound()).isNull();
  }

  @Test
  void aClientThatNeverAnswersACloseIsHungUpOn() {
    channel.freezeTime();
    end.close(channel.pipeline().firstContext(), Transport.CLOSE_NORMAL);
    channel.advanceTimeBy(9, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isTrue();

    channel.advanceTimeBy(2, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void textIsRefused() {
    channel.writeInbound(new TextWebSocketFrame("AMQP"));

    CloseWebSocketFrame close = channel.readOutbound();
    assertThat(close.statusCode()).isEqualTo(1003);
    close.release();
  }

  @Test
  void dataThatMissedTheLaneIsHeard() {
    channel.writeInbound(new BinaryWebSocketFrame(Unpooled.copiedBuffer(new byte[] {7, 8})));

    assertThat(heard.toByteArray()).containsExactly(7, 8);
  }

  @Test
  void aFrameThatBreaksTheRulesEndsTheConnection() {
    channel.pipeline().fireExceptionCaught(new CorruptedFrameException("masked twice"));

    assertThat(channel.isOpen()).isFalse();
  }
}
