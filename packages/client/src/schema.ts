// Made by npm run generate:client from the OpenAPI document; not edited by hand.

export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process lives. */
        get: operations["isAlive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["getDescription"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/play/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page that plays the order. */
        get: operations["getPlayer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/play/{id}/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page that plays the order. */
        get: operations["getSignedPlayer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Database, broker and object store answer. */
        get: operations["isReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/backlog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits and what runs, in jobs and in work-seconds: for an autoscaler. */
        get: operations["getBacklog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Customers, by their ids. */
        get: operations["listCustomers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a customer and its limits. */
        get: operations["getCustomer"];
        /** Choose what a customer may do, in place of what was chosen before; makes it when there is none. */
        put: operations["putCustomer"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many messages each queue has put aside. */
        get: operations["countDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{queue}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at messages that a queue has put aside. They stay. */
        get: operations["showDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{queue}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send messages that a queue has put aside to it again, as new ones. */
        post: operations["redriveDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** API keys, oldest first, revoked ones included. */
        get: operations["listKeys"];
        put?: never;
        /** Make an API key, for a customer or for an operator. It is shown once. */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key: within ten seconds nothing takes it any more. Doing it again is fine. */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders, newest first. */
        get: operations["listOrders"];
        put?: never;
        /** Order the encoding of a video. A 202 means that nothing can lose it any more. */
        post: operations["createOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an order. */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        /** Remove an order that has ended, and every object of it. */
        delete: operations["deleteOrder"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/{attempt}/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A segment or a picture that playlists name, where its encoder put it. */
        get: operations["getMediaFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End an order; its workers stop within seconds. Doing it again is fine. */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server-sent events: what has happened to the order, then what happens, to its end. */
        get: operations["followOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The jobs of an order and every attempt at them, for the engineer on call. */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/playback-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Addresses of a signed order for as long as you choose, for example for one viewer. */
        post: operations["createPlaybackToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/playback/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of the stream: master.m3u8 (growing until the order has completed), manifest.mpd, poster.jpg, qc.json, segments. */
        get: operations["getPlaybackFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/playback/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server-sent events for a page with a player: how far the order is, now and on. */
        get: operations["followPlayback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin an order again that failed, was canceled or timed out: only what failed or is missing is done. Doing it again is fine. */
        post: operations["retryOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/signed/{token}/{attempt}/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A segment or a picture that playlists name, where its encoder put it. */
        get: operations["getSignedMediaFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/signed/{token}/playback/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of the stream: master.m3u8 (growing until the order has completed), manifest.mpd, poster.jpg, qc.json, segments. */
        get: operations["getSignedPlaybackFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/signed/{token}/playback/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server-sent events for a page with a player: how far the order is, now and on. */
        get: operations["followSignedPlayback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/presets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Presets: what an order makes that names one. What the order's `outputs` say goes before its preset; `renditions` null is the ladder that fits the source. */
        get: operations["listPresets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scaling-lease": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Ask to be the one who launches workers, or to stay it: there is one at a time.
         * @description The answer says who it is: whoever asks first when nobody is. A holder asks again before the lease ends, for example at a third of it.
         */
        put: operations["askForScalingLease"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sweep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove what is kept no longer, or say what that is. By itself this goes on all the time. */
        post: operations["sweep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an address that a file can be sent to, without an API key, by PUT or by tus 1.0. */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far an upload is. */
        get: operations["getUpload"];
        put?: never;
        post?: never;
        /** Remove an upload that no order needs any more. */
        delete: operations["deleteUpload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** The whole file. One that breaks off is sent again from its first byte. */
        put: operations["putUploadFile"];
        /** tus: begin the file anew, perhaps with its first bytes. */
        post: operations["tusCreate"];
        /** tus: give up an upload that is not complete. */
        delete: operations["tusTerminate"];
        options?: never;
        /** tus: how many bytes have come. */
        head: operations["tusOffset"];
        /** tus: more bytes, from the offset on. The last of them complete the upload. */
        patch: operations["tusSend"];
        trace?: never;
    };
    "/v1/uploads/{id}/{token}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** All parts have been put into the object store. */
        post: operations["completeUploadParts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Webhook endpoints, newest first. */
        get: operations["listWebhookEndpoints"];
        put?: never;
        /** Be told of the events of all your orders. The answer shows the secret that signs, once. */
        post: operations["createWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a webhook endpoint. */
        get: operations["getWebhookEndpoint"];
        put?: never;
        post?: never;
        /** Remove an endpoint and its deliveries. What was sent before is tried to its end. */
        delete: operations["deleteWebhookEndpoint"];
        options?: never;
        head?: never;
        /** Change, disable or enable an endpoint. What was sent before goes on as it was. */
        patch: operations["changeWebhookEndpoint"];
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the endpoint was told, newest first, with every attempt. */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell the event again, under the same `webhook-id`, to where the endpoint is now. */
        post: operations["redeliverWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new secret, shown once; for a while both sign, so that no receiver is left out. */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-endpoints/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send `webhook.test` now, and answer what the receiver said: up to 20 s. */
        post: operations["testWebhookEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhook-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The secret that signs the webhooks that your orders name themselves. */
        get: operations["getWebhookSecret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "order.canceled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It was canceled. */
        post: operations["onOrderCanceled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.completed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It is done. */
        post: operations["onOrderCompleted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It failed for good; `error` says why. */
        post: operations["onOrderFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.playable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It plays while the rest is being encoded. */
        post: operations["onOrderPlayable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.running": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A worker has begun. */
        post: operations["onOrderRunning"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.timed_out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It took too long. */
        post: operations["onOrderTimedOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhook.test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A test was asked for. */
        post: operations["onWebhookTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        ApiKey: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            /** @description Null: a key of the operator. */
            customerId: string | null;
            /**
             * @description Its last four characters.
             * @example x7Qk
             */
            hint: string;
            /** @example key_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            id: string;
            revokedAt: string | null;
        };
        ApiKeyPage: {
            keys: components["schemas"]["ApiKey"][];
            nextCursor: string | null;
        };
        /** @description The sound: AAC-LC, one track for all renditions. */
        AudioRequest: {
            /** @description By default 128000 for two channels, 80000 for one. */
            bitsPerSecond?: number;
            /** @description At most; 2 by default, and never more than the source has. */
            channels?: 1 | 2;
        };
        Backlog: {
            /** Format: date-time */
            at: string;
            queues: {
                delayed: number;
                inFlight: number;
                name: string;
                waiting: number;
            }[];
            running: {
                estimatedSeconds: number;
                /** @description A few thousand at most, however many jobs there are. Those that wait are in the order in which workers take them; a job that failed and waits for its next try is in none. */
                groups: components["schemas"]["JobGroup"][];
                jobs: number;
                oldestSeconds: number | null;
            };
            waiting: {
                estimatedSeconds: number;
                /** @description A few thousand at most, however many jobs there are. Those that wait are in the order in which workers take them; a job that failed and waits for its next try is in none. */
                groups: components["schemas"]["JobGroup"][];
                jobs: number;
                oldestSeconds: number | null;
            };
        };
        /** @description A WebVTT or SRT file of at most 10 MB, in UTF-8 (or UTF-16 with a byte order mark). */
        CaptionsRequest: {
            /** @default false */
            default?: boolean;
            /**
             * @description What a viewer chooses by; the language by default.
             * @example English
             */
            label?: string;
            /** @example en */
            language: string;
            /** @example upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            uploadId?: string;
            url?: string;
        };
        /** @description A WebVTT or SRT file of at most 10 MB, in UTF-8 (or UTF-16 with a byte order mark). */
        CaptionsRequestOutput: {
            /** @default false */
            default: boolean;
            /**
             * @description What a viewer chooses by; the language by default.
             * @example English
             */
            label?: string;
            /** @example en */
            language: string;
            /** @example upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            uploadId?: string;
            url?: string;
        };
        ChangeWebhookEndpoint: {
            description?: string | null;
            /** @description false begins anew: what was counted against it is forgotten. */
            disabled?: boolean;
            /** @description What it is told of; by default the four ends. */
            events?: ("order.running" | "order.playable" | "order.completed" | "order.failed" | "order.canceled" | "order.timed_out")[];
            /** @example https://app.example.com/webhooks/spillway */
            url?: string;
        };
        CompleteUpload: {
            /**
             * @description What the object store answered to the parts, in their order.
             * @example [
             *       "\"9a0364b9e99bb480dd25e1f0284c8555\""
             *     ]
             */
            etags: string[];
        };
        CreateApiKey: {
            /**
             * @description A key of the operator, instead.
             * @constant
             */
            admin?: true;
            /**
             * @description For whom it speaks; the customer is made when there is none yet.
             * @example acme
             */
            customerId?: string;
        };
        CreatedApiKey: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            /** @description Null: a key of the operator. */
            customerId: string | null;
            /**
             * @description Its last four characters.
             * @example x7Qk
             */
            hint: string;
            /** @example key_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            id: string;
            /**
             * @description The key: shown now and never again.
             * @example spw_01JD3Q5ZK7R8M2N4P6S8T0V1W2_2vJ8mQ0cYb7sKf1LrD5tXe9aHn4pUz3wGi6oRj_Tx7Qk
             */
            key: string;
            revokedAt: string | null;
        };
        CreatedUpload: {
            /** @description Null until it is known. */
            bytes: number | null;
            completedAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            customerId: string;
            /**
             * Format: date-time
             * @description An upload that is not complete then is removed; so is a complete one, unless an order that names it may still need it.
             */
            expiresAt: string;
            filename: string | null;
            /** @example upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            id: string;
            /** @description Another way than `url`: the parts are PUT into the object store, and then `{etags}` is POSTed to `<url>/complete`. Null where clients cannot reach the store, and without `bytes`. */
            parts: components["schemas"]["UploadParts"] | null;
            receivedBytes: number;
            /** @enum {string} */
            status: "waiting" | "complete" | "expired";
            /** @description Where the file is sent to by PUT or by tus 1.0, from any origin and without an API key. */
            url: string;
        };
        CreateOrder: {
            /**
             * @description Yours; comes back untouched. At most 50 entries, and 64 KB of JSON.
             * @default {}
             */
            metadata?: {
                [key: string]: string;
            };
            /** @default {} */
            outputs?: components["schemas"]["OutputsRequest"];
            /**
             * @description public: whoever has the address may play; signed: addresses hold a token that expires.
             * @default public
             * @enum {string}
             */
            playback?: "public" | "signed";
            /**
             * @default normal
             * @enum {string}
             */
            priority?: "high" | "normal" | "low";
            source: components["schemas"]["SourceRequest"];
            webhook?: components["schemas"]["WebhookRequest"];
        };
        CreatePlaybackToken: {
            /** @example 86400 */
            seconds: number;
        };
        CreateUpload: {
            /**
             * @description How long the file is, or at most: what is longer is then refused, and tus can go on at `url` without a creation request.
             * @example 104857600
             */
            bytes?: number;
            /**
             * @description Yours; comes back untouched.
             * @example holiday.mp4
             */
            filename?: string;
        };
        CreateWebhookEndpoint: {
            /** @example Production */
            description?: string;
            /**
             * @description What it is told of; by default the four ends.
             * @default [
             *       "order.completed",
             *       "order.failed",
             *       "order.canceled",
             *       "order.timed_out"
             *     ]
             */
            events?: ("order.running" | "order.playable" | "order.completed" | "order.failed" | "order.canceled" | "order.timed_out")[];
            /** @example https://app.example.com/webhooks/spillway */
            url: string;
        };
        CustomerLimits: {
            openOrders: number;
            requestsPerSecond: number;
            source: components["schemas"]["SourceLimits"];
        };
        CustomerPage: {
            customers: components["schemas"]["CustomerRecord"][];
            nextCursor: string | null;
        };
        CustomerRecord: {
            /** Format: date-time */
            createdAt: string;
            destinationPrefixes: string[];
            /** @example acme */
            id: string;
            limits: components["schemas"]["CustomerLimits"];
            /** @description Those of the limits that were set for it alone. */
            ownLimits: components["schemas"]["OwnLimits"];
            sourcePrefixes: string[];
        };
        CustomerSettings: {
            /** @default [] */
            destinationPrefixes?: string[];
            /** @default {} */
            limits?: components["schemas"]["OwnLimits"];
            /** @default [] */
            sourcePrefixes?: string[];
        };
        DeadLetter: {
            ageSeconds: number;
            /** @description How often it was handed out, each look at it here included. */
            attempts: number;
            attributes: {
                [key: string]: string;
            };
            /** @description JSON; a text when it cannot be read as such. */
            body: unknown;
            messageId: string;
            /** @description Null: the broker put it aside, because nobody answered for it too often. */
            reason: string | null;
            /**
             * Format: date-time
             * @description When it was first sent, RFC 3339, UTC.
             */
            sentAt: string;
        };
        DeadLetterQueue: {
            count: number;
            /** @description Where the messages came from. */
            queue: string;
        };
        DeadLetterQueues: {
            queues: components["schemas"]["DeadLetterQueue"][];
        };
        DeadLetters: {
            messages: components["schemas"]["DeadLetter"][];
            queue: string;
        };
        Delivery: {
            bytes: number;
            files: number;
            /**
             * @description Of the folder that master.m3u8, manifest.mpd and the other files are in.
             * @example s3://acme-media/outgoing/holiday/playback/
             */
            url: string;
        };
        Failure: {
            /** @enum {string} */
            code: "source_not_media" | "source_truncated" | "source_empty" | "source_no_video" | "source_unsupported" | "source_too_large" | "source_not_allowed" | "source_not_found" | "source_unreachable" | "source_changed" | "captions_invalid" | "encode_failed" | "encode_stalled" | "output_not_whole" | "destination_not_allowed" | "destination_unavailable" | "storage_unavailable" | "job_lost" | "internal";
            message: string;
            retryable: boolean;
        };
        FailureOutput: {
            /** @enum {string} */
            code: "source_not_media" | "source_truncated" | "source_empty" | "source_no_video" | "source_unsupported" | "source_too_large" | "source_not_allowed" | "source_not_found" | "source_unreachable" | "source_changed" | "captions_invalid" | "encode_failed" | "encode_stalled" | "output_not_whole" | "destination_not_allowed" | "destination_unavailable" | "storage_unavailable" | "job_lost" | "internal";
            message: string;
            retryable: boolean;
        };
        /** @description Jobs alike. */
        JobGroup: {
            /** @description Of each: work-seconds of one core; of a copy, which waits for the network, seconds. One that nothing is known of counts with the mean of the others. */
            estimateSeconds: number;
            jobs: number;
            /** @description That they wait in, or were taken from. */
            queue: string;
            /** @description So long each waits, or runs: the mean. */
            seconds: number;
        };
        Order: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            customerId: string;
            /** @description Null unless a destination was ordered, and until all of it is there. */
            delivery: components["schemas"]["Delivery"] | null;
            durationSeconds: number | null;
            endedAt: string | null;
            error: components["schemas"]["FailureOutput"] | null;
            /** @example ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            id: string;
            metadata: {
                [key: string]: string;
            };
            outputs: components["schemas"]["Outputs"];
            playableAt: string | null;
            playback: components["schemas"]["PlaybackOutput"] | null;
            /** @enum {string} */
            priority: "high" | "normal" | "low";
            progress: number;
            renditions: components["schemas"]["Rendition"][];
            /** @description When it was last begun again after an end; the time-out counts from then. */
            retriedAt: string | null;
            source: components["schemas"]["SourceRequest"];
            /** @enum {string} */
            stage: "ingest" | "prepare" | "encode" | "package";
            startedAt: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "completed" | "failed" | "canceled" | "timed_out";
            warnings: string[];
            webhook: components["schemas"]["WebhookRequestOutput"] | null;
        };
        OrderJob: {
            attempts: {
                attemptId: string;
                cpuSeconds: number | null;
                endedAt: string | null;
                error: components["schemas"]["FailureOutput"] | null;
                /**
                 * @description How ffmpeg ended, by code or by signal; null for a failure of something else.
                 * @example code 1
                 */
                exit: string | null;
                ffmpegBuild: string | null;
                log: string[];
                /** Format: date-time */
                startedAt: string;
                /** @enum {string} */
                status: "running" | "succeeded" | "failed" | "dropped";
                worker: string;
            }[];
            endedAt: string | null;
            estimateSeconds: number | null;
            /** Format: date-time */
            heardAt: string;
            index: number;
            /** @enum {string} */
            kind: "ingest" | "prepare" | "encode-chunk" | "encode-audio" | "package" | "deliver";
            progress: number;
            /** Format: date-time */
            sentAt: string;
            /** @enum {string} */
            status: "pending" | "running" | "succeeded" | "failed" | "dropped";
            timesLost: number;
        };
        OrderJobs: {
            jobs: components["schemas"]["OrderJob"][];
        };
        OrderPage: {
            nextCursor: string | null;
            orders: components["schemas"]["Order"][];
        };
        Outputs: {
            /** @default false */
            allowPartial: boolean;
            /** @default {} */
            audio: components["schemas"]["AudioRequest"];
            /** @default [] */
            captions: components["schemas"]["CaptionsRequestOutput"][];
            /** @default null */
            destination: string | null;
            /**
             * @default [
             *       "hls",
             *       "dash"
             *     ]
             */
            formats: ("hls" | "dash" | "mp4")[];
            /** @default default */
            preset: string;
            /** @default null */
            renditions: components["schemas"]["RenditionRequest"][] | null;
            /**
             * @default veryfast
             * @enum {string}
             */
            speed: "ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium" | "slow";
        };
        OutputsRequest: {
            /**
             * @description Complete, with a warning, although the media data of the source ends before its header says.
             * @default false
             */
            allowPartial?: boolean;
            audio?: components["schemas"]["AudioRequest"];
            /** @default [] */
            captions?: components["schemas"]["CaptionsRequest"][];
            /**
             * @description Where the finished files are copied to as well; allowed by the operator.
             * @example s3://acme-media/incoming/
             */
            destination?: string;
            /** @description hls and dash share their segments; mp4 is one progressive file of the best rendition, for downloads. */
            formats?: ("hls" | "dash" | "mp4")[];
            /**
             * @description What is left out here is as in the preset, and what that leaves out is as in the preset `default`: GET /v1/presets.
             * @default default
             * @example default
             */
            preset?: string;
            /** @description By default the rungs 1080, 720, 480, 360, 240 that the source reaches. One larger than the source is left out, with a warning; when all are, there is one of the size of the source. */
            renditions?: components["schemas"]["RenditionRequest"][];
            /**
             * @description Of x264, `veryfast` by default: a slower one looks better for the same bits. `slow` takes 2.6 times the work, `superfast` 0.8 times.
             * @enum {string}
             */
            speed?: "ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium" | "slow";
        };
        /** @description What is left out is as the service is set. */
        OwnLimits: {
            openOrders?: number;
            requestsPerSecond?: number;
            source?: {
                bytes?: number;
                pixels?: number;
                seconds?: number;
            };
        };
        Playback: {
            /** @description Null unless DASH was ordered. */
            dashUrl: string | null;
            /** @description Null unless HLS was ordered. */
            hlsUrl: string | null;
            /** @default null */
            mp4Url?: string | null;
            playUrl: string;
            posterUrl: string;
            /** @description HLS plays, though the rest may still be encoded; DASH, MP4 and thumbnails are there once the order has completed. */
            ready: boolean;
            /** @default null */
            thumbnailsUrl?: string | null;
        };
        PlaybackOutput: {
            /** @description Null unless DASH was ordered. */
            dashUrl: string | null;
            /** @description Null unless HLS was ordered. */
            hlsUrl: string | null;
            /** @default null */
            mp4Url: string | null;
            playUrl: string;
            posterUrl: string;
            /** @description HLS plays, though the rest may still be encoded; DASH, MP4 and thumbnails are there once the order has completed. */
            ready: boolean;
            /** @default null */
            thumbnailsUrl: string | null;
        };
        PlaybackToken: {
            /** Format: date-time */
            expiresAt: string;
            /** @description Null when there will be no stream. */
            playback: components["schemas"]["PlaybackOutput"] | null;
            token: string;
        };
        Preset: {
            /** @default {} */
            audio: components["schemas"]["AudioRequest"];
            description: string;
            /**
             * @default [
             *       "hls",
             *       "dash"
             *     ]
             */
            formats: ("hls" | "dash" | "mp4")[];
            /** @example default */
            name: string;
            /** @default null */
            renditions: components["schemas"]["RenditionRequest"][] | null;
            /**
             * @default veryfast
             * @enum {string}
             */
            speed: "ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium" | "slow";
        };
        PresetList: {
            presets: components["schemas"]["Preset"][];
        };
        Problem: {
            detail?: string;
            errors?: {
                field: string;
                message: string;
            }[];
            status: number;
            title: string;
            /** @example https://spillway.dev/problems/invalid-body */
            type: string;
        };
        RedriveDeadLetters: {
            /**
             * @description At most so many.
             * @default 1000
             */
            limit?: number;
        };
        RedrivenDeadLetters: {
            /** @description So many wait in their queue again. */
            redriven: number;
        };
        Rendition: {
            averageBitsPerSecond: number;
            bytes: number;
            codecs: string;
            frameRate: string;
            frames: number;
            height: number;
            /** @example 720p */
            name: string;
            peakBitsPerSecond: number;
            segments: number;
            width: number;
        };
        RenditionRequest: {
            /** @description Constant rate factor of x264, lower is better; 23 by default. */
            crf?: number;
            /** @description Of the short side: 720 is 1280x720, or 720x1280 of a portrait video. */
            lines: number;
            /** @description By default it follows the size and the frame rate. */
            maxBitsPerSecond?: number;
        };
        RotateWebhookSecret: {
            /**
             * @description For so long the secret of before signs as well.
             * @default 86400
             */
            overlapSeconds?: number;
        };
        /** @description Whose turn it is to launch workers. */
        ScalingLease: {
            /** Format: date-time */
            expiresAt: string;
            /** @description Who has it now, whoever asked. */
            holder: string;
        };
        ScalingLeaseRequest: {
            /** @description Who asks: a name of their own. */
            holder: string;
            /** @description For how long from now; 0 gives it up. */
            seconds: number;
        };
        SourceLimits: {
            bytes: number;
            pixels: number;
            seconds: number;
        };
        SourceRequest: {
            /**
             * @description Of an upload that is complete.
             * @example upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2
             */
            uploadId?: string;
            /**
             * @description https:// or http:// address of the video; s3://bucket/key where the operator allows it; file:///absolute/path in standalone mode only.
             * @example https://media.example.com/holiday.mp4
             */
            url?: string;
        };
        SweepReport: {
            dryRun: boolean;
            /** @description Files of ended orders that are kept no longer. */
            expired: components["schemas"]["SweptObjects"];
            /** @description What ended orders have left and do not need. */
            leftovers: components["schemas"]["SweptObjects"];
            /** @description A round is bounded: there is more for the next. */
            more: boolean;
            /** @description Of orders that nobody knows, older than a day. */
            orphans: components["schemas"]["SweptObjects"];
            /** @description Of orders that were deleted, or are kept no longer. */
            removed: components["schemas"]["SweptObjects"];
            /** @description Uploads that nobody needs any more. */
            uploads: number;
        };
        SweepRequest: {
            /**
             * @description Only say what would be removed.
             * @default true
             */
            dryRun?: boolean;
        };
        SweptObjects: {
            bytes: number;
            /** @description Some of them, at most 10. */
            keys: string[];
            objects: number;
        };
        Upload: {
            /** @description Null until it is known. */
            bytes: number | null;
            completedAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            customerId: string;
            /**
             * Format: date-time
             * @description An upload that is not complete then is removed; so is a complete one, unless an order that names it may still need it.
             */
            expiresAt: string;
            filename: string | null;
            /** @example upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            id: string;
            receivedBytes: number;
            /** @enum {string} */
            status: "waiting" | "complete" | "expired";
            /** @description Where the file is sent to by PUT or by tus 1.0, from any origin and without an API key; null once it is complete or expired. */
            url: string | null;
        };
        UploadParts: {
            /**
             * @description Of each part; the last has the rest.
             * @example 8388608
             */
            bytes: number;
            /** @description Each part is sent to its own by a plain PUT, in any order; the answer has its ETag. */
            urls: string[];
        };
        WebhookAttempt: {
            /** Format: date-time */
            at: string;
            durationMs: number;
            /** @description Null: it was received. */
            error: string | null;
            /** @description Of the answer; null: there was none. */
            status: number | null;
        };
        WebhookDelivery: {
            attempts: components["schemas"]["WebhookAttempt"][];
            /** Format: date-time */
            createdAt: string;
            /**
             * @description The `webhook-id`: the same when the event is told again.
             * @example evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_7
             */
            eventId: string;
            /** @example dlv_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            id: string;
            /** @description At the earliest; null: there is none, or it is under way. */
            nextTryAt: string | null;
            /** @description Null for a test. */
            orderId: string | null;
            /** @enum {string} */
            status: "pending" | "delivered" | "failed";
            /** @enum {string} */
            type: "order.running" | "order.playable" | "order.completed" | "order.failed" | "order.canceled" | "order.timed_out" | "webhook.test";
            /** @example whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            webhookEndpointId: string;
        };
        WebhookDeliveryPage: {
            deliveries: components["schemas"]["WebhookDelivery"][];
            nextCursor: string | null;
        };
        WebhookEndpoint: {
            /** Format: date-time */
            createdAt: string;
            /** @example acme */
            customerId: string;
            description: string | null;
            disabled: boolean;
            /** @description Why it is told no more: its owner said so, it answered 410, or it took nothing for 3 days. */
            disabledReason: string | null;
            events: ("order.running" | "order.playable" | "order.completed" | "order.failed" | "order.canceled" | "order.timed_out")[];
            /** @description Of the first try that failed since the last that did not. */
            failingSince: string | null;
            /** @example whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            id: string;
            /** @description Until then the secret before this one signs as well. */
            previousSecretUntil: string | null;
            url: string;
        };
        WebhookEndpointPage: {
            endpoints: components["schemas"]["WebhookEndpoint"][];
            nextCursor: string | null;
        };
        WebhookEndpointWithSecret: {
            /** Format: date-time */
            createdAt: string;
            /** @example acme */
            customerId: string;
            description: string | null;
            disabled: boolean;
            /** @description Why it is told no more: its owner said so, it answered 410, or it took nothing for 3 days. */
            disabledReason: string | null;
            events: ("order.running" | "order.playable" | "order.completed" | "order.failed" | "order.canceled" | "order.timed_out")[];
            /** @description Of the first try that failed since the last that did not. */
            failingSince: string | null;
            /** @example whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
            id: string;
            /** @description Until then the secret before this one signs as well. */
            previousSecretUntil: string | null;
            /**
             * @description Verifies what is received (Standard Webhooks).
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=
             */
            secret: string;
            url: string;
        };
        WebhookEvent: {
            data: {
                /**
                 * @description The fields that are not as at the event before.
                 * @default []
                 */
                changed?: ("status" | "stage" | "progress" | "error" | "playback" | "warnings")[];
                customerId: string;
                error: components["schemas"]["Failure"] | null;
                /** @example ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
                id: string;
                metadata: {
                    [key: string]: string;
                };
                playback: components["schemas"]["Playback"] | null;
                progress: number;
                /** @enum {string} */
                stage: "ingest" | "prepare" | "encode" | "package";
                /** @enum {string} */
                status: "queued" | "running" | "completed" | "failed" | "canceled" | "timed_out";
                warnings: string[];
            };
            /** Format: date-time */
            timestamp: string;
            /** @enum {string} */
            type: "order.running" | "order.playable" | "order.completed" | "order.failed" | "order.canceled" | "order.timed_out";
        };
        /** @description Told by Standard Webhooks, at least once, signed with the secret of GET /v1/webhook-secret. For more than a single order: /v1/webhook-endpoints. */
        WebhookRequest: {
            /**
             * @description What it is told of; by default the four ends.
             * @default [
             *       "order.completed",
             *       "order.failed",
             *       "order.canceled",
             *       "order.timed_out"
             *     ]
             */
            events?: ("order.running" | "order.playable" | "order.completed" | "order.failed" | "order.canceled" | "order.timed_out")[];
            /** @example https://app.example.com/webhooks/spillway */
            url: string;
        };
        /** @description Told by Standard Webhooks, at least once, signed with the secret of GET /v1/webhook-secret. For more than a single order: /v1/webhook-endpoints. */
        WebhookRequestOutput: {
            /**
             * @description What it is told of; by default the four ends.
             * @default [
             *       "order.completed",
             *       "order.failed",
             *       "order.canceled",
             *       "order.timed_out"
             *     ]
             */
            events: ("order.running" | "order.playable" | "order.completed" | "order.failed" | "order.canceled" | "order.timed_out")[];
            /** @example https://app.example.com/webhooks/spillway */
            url: string;
        };
        WebhookSecret: {
            /**
             * @description Verifies what is received (Standard Webhooks).
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=
             */
            secret: string;
        };
        WebhookTest: {
            data: {
                /** @example whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2 */
                webhookEndpointId: string;
            };
            /** Format: date-time */
            timestamp: string;
            /** @constant */
            type: "webhook.test";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    isAlive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        parts?: {
                            [key: string]: string;
                        };
                        status: string;
                    };
                };
            };
        };
    };
    getDescription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
        };
    };
    getPlayer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description The order is signed, and the address holds no token of it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSignedPlayer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                /** @description Of the addresses of a signed order; POST .../playback-tokens makes more. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description The order is signed, and the address holds no token of it. The token in the address has expired. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    isReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They do. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        parts?: {
                            [key: string]: string;
                        };
                        status: string;
                    };
                };
            };
            /** @description One does not. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        parts?: {
                            [key: string]: string;
                        };
                        status: string;
                    };
                };
            };
        };
    };
    getBacklog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A second ago or less. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backlog"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The broker does not answer. The database does not answer, or its disk is full. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCustomers: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; the next one begins at `nextCursor`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "customers": [
                     *         {
                     *           "id": "acme",
                     *           "limits": {
                     *             "openOrders": 100,
                     *             "requestsPerSecond": 1000,
                     *             "source": {
                     *               "bytes": 68719476736,
                     *               "seconds": 86400,
                     *               "pixels": 35389440
                     *             }
                     *           },
                     *           "ownLimits": {
                     *             "openOrders": 100
                     *           },
                     *           "sourcePrefixes": [
                     *             "s3://acme-media/incoming/"
                     *           ],
                     *           "destinationPrefixes": [],
                     *           "createdAt": "2026-11-23T05:00:00.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["CustomerPage"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the query is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCustomer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "acme",
                     *       "limits": {
                     *         "openOrders": 100,
                     *         "requestsPerSecond": 1000,
                     *         "source": {
                     *           "bytes": 68719476736,
                     *           "seconds": 86400,
                     *           "pixels": 35389440
                     *         }
                     *       },
                     *       "ownLimits": {
                     *         "openOrders": 100
                     *       },
                     *       "sourcePrefixes": [
                     *         "s3://acme-media/incoming/"
                     *       ],
                     *       "destinationPrefixes": [],
                     *       "createdAt": "2026-11-23T05:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["CustomerRecord"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such customer. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putCustomer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "limits": {
                 *         "openOrders": 100
                 *       },
                 *       "sourcePrefixes": [
                 *         "s3://acme-media/incoming/"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CustomerSettings"];
            };
        };
        responses: {
            /** @description As it is from now on, within ten seconds everywhere. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "acme",
                     *       "limits": {
                     *         "openOrders": 100,
                     *         "requestsPerSecond": 1000,
                     *         "source": {
                     *           "bytes": 68719476736,
                     *           "seconds": 86400,
                     *           "pixels": 35389440
                     *         }
                     *       },
                     *       "ownLimits": {
                     *         "openOrders": 100
                     *       },
                     *       "sourcePrefixes": [
                     *         "s3://acme-media/incoming/"
                     *       ],
                     *       "destinationPrefixes": [],
                     *       "createdAt": "2026-11-23T05:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["CustomerRecord"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 1 MB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. The name in the path is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    countDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every queue. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "queues": [
                     *         {
                     *           "queue": "notifications",
                     *           "count": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeadLetterQueues"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The broker does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    showDeadLetters: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Where the messages came from. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Some of them. What another request looks at is not among them; of an ordered queue there is one of each group. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "queue": "notifications",
                     *       "messages": [
                     *         {
                     *           "messageId": "0f0c5a3e-6d9c-4d2b-9c1e-2f6d5f6f1a77",
                     *           "body": {
                     *             "schemaVersion": 2,
                     *             "id": "evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_3"
                     *           },
                     *           "attributes": {
                     *             "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
                     *           },
                     *           "attempts": 9,
                     *           "reason": "evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_3: Not received within 24 h, at last: the receiver answered 500",
                     *           "sentAt": "2026-11-23T05:00:00.000Z",
                     *           "ageSeconds": 86400.5
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeadLetters"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such queue. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the query is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The broker does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redriveDeadLetters: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Where the messages came from. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "limit": 100
                 *     }
                 */
                "application/json": components["schemas"]["RedriveDeadLetters"];
            };
        };
        responses: {
            /** @description Sent; each left the dead letters only then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "redriven": 1
                     *     }
                     */
                    "application/json": components["schemas"]["RedrivenDeadLetters"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such queue. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 1 MB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The broker does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; the next one begins at `nextCursor`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "id": "key_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *           "customerId": "acme",
                     *           "hint": "x7Qk",
                     *           "createdAt": "2026-11-23T05:00:00.000Z",
                     *           "revokedAt": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKeyPage"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the query is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "customerId": "acme"
                 *     }
                 */
                "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        responses: {
            /** @description The key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "key_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "acme",
                     *       "hint": "x7Qk",
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "revokedAt": null,
                     *       "key": "spw_01JD3Q5ZK7R8M2N4P6S8T0V1W2_2vJ8mQ0cYb7sKf1LrD5tXe9aHn4pUz3wGi6oRj_Tx7Qk"
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 1 MB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description For operators; a customer's key finds none but the customer's own orders. */
                customerId?: string;
                limit?: number;
                status?: "queued" | "running" | "completed" | "failed" | "canceled" | "timed_out";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; the next one begins at `nextCursor`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orders": [
                     *         {
                     *           "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *           "customerId": "default",
                     *           "status": "queued",
                     *           "stage": "ingest",
                     *           "progress": 0,
                     *           "source": {
                     *             "url": "https://media.example.com/holiday.mp4"
                     *           },
                     *           "outputs": {
                     *             "preset": "default",
                     *             "renditions": null,
                     *             "formats": [
                     *               "hls",
                     *               "dash"
                     *             ],
                     *             "audio": {
                     *               "channels": 2
                     *             },
                     *             "speed": "veryfast",
                     *             "captions": [
                     *               {
                     *                 "url": "https://media.example.com/holiday.en.srt",
                     *                 "language": "en",
                     *                 "label": "English",
                     *                 "default": false
                     *               }
                     *             ],
                     *             "destination": null,
                     *             "allowPartial": false
                     *           },
                     *           "priority": "normal",
                     *           "webhook": null,
                     *           "metadata": {
                     *             "album": "7"
                     *           },
                     *           "playback": {
                     *             "ready": false,
                     *             "hlsUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/master.m3u8",
                     *             "dashUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/manifest.mpd",
                     *             "posterUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/poster.jpg",
                     *             "thumbnailsUrl": null,
                     *             "mp4Url": null,
                     *             "playUrl": "http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2"
                     *           },
                     *           "renditions": [],
                     *           "delivery": null,
                     *           "durationSeconds": null,
                     *           "error": null,
                     *           "warnings": [],
                     *           "createdAt": "2026-11-23T05:00:00.000Z",
                     *           "startedAt": null,
                     *           "playableAt": null,
                     *           "retriedAt": null,
                     *           "endedAt": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the query is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createOrder: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOrder"];
            };
        };
        responses: {
            /** @description Taken. */
            202: {
                headers: {
                    /** @description Where the order is read. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "default",
                     *       "status": "queued",
                     *       "stage": "ingest",
                     *       "progress": 0,
                     *       "source": {
                     *         "url": "https://media.example.com/holiday.mp4"
                     *       },
                     *       "outputs": {
                     *         "preset": "default",
                     *         "renditions": null,
                     *         "formats": [
                     *           "hls",
                     *           "dash"
                     *         ],
                     *         "audio": {
                     *           "channels": 2
                     *         },
                     *         "speed": "veryfast",
                     *         "captions": [
                     *           {
                     *             "url": "https://media.example.com/holiday.en.srt",
                     *             "language": "en",
                     *             "label": "English",
                     *             "default": false
                     *           }
                     *         ],
                     *         "destination": null,
                     *         "allowPartial": false
                     *       },
                     *       "priority": "normal",
                     *       "webhook": null,
                     *       "metadata": {
                     *         "album": "7"
                     *       },
                     *       "playback": {
                     *         "ready": false,
                     *         "hlsUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/master.m3u8",
                     *         "dashUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/manifest.mpd",
                     *         "posterUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/poster.jpg",
                     *         "thumbnailsUrl": null,
                     *         "mp4Url": null,
                     *         "playUrl": "http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2"
                     *       },
                     *       "renditions": [],
                     *       "delivery": null,
                     *       "durationSeconds": null,
                     *       "error": null,
                     *       "warnings": [],
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "startedAt": null,
                     *       "playableAt": null,
                     *       "retriedAt": null,
                     *       "endedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A request with the same key is still at work. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 1 MB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. The customer has as many open orders as it may have. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or its disk is full. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "default",
                     *       "status": "queued",
                     *       "stage": "ingest",
                     *       "progress": 0,
                     *       "source": {
                     *         "url": "https://media.example.com/holiday.mp4"
                     *       },
                     *       "outputs": {
                     *         "preset": "default",
                     *         "renditions": null,
                     *         "formats": [
                     *           "hls",
                     *           "dash"
                     *         ],
                     *         "audio": {
                     *           "channels": 2
                     *         },
                     *         "speed": "veryfast",
                     *         "captions": [
                     *           {
                     *             "url": "https://media.example.com/holiday.en.srt",
                     *             "language": "en",
                     *             "label": "English",
                     *             "default": false
                     *           }
                     *         ],
                     *         "destination": null,
                     *         "allowPartial": false
                     *       },
                     *       "priority": "normal",
                     *       "webhook": null,
                     *       "metadata": {
                     *         "album": "7"
                     *       },
                     *       "playback": {
                     *         "ready": false,
                     *         "hlsUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/master.m3u8",
                     *         "dashUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/manifest.mpd",
                     *         "posterUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/poster.jpg",
                     *         "thumbnailsUrl": null,
                     *         "mp4Url": null,
                     *         "playUrl": "http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2"
                     *       },
                     *       "renditions": [],
                     *       "delivery": null,
                     *       "durationSeconds": null,
                     *       "error": null,
                     *       "warnings": [],
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "startedAt": null,
                     *       "playableAt": null,
                     *       "retriedAt": null,
                     *       "endedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The order has not ended: cancel it first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMediaFile: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: string;
                "If-Range"?: string;
                Range?: string;
            };
            path: {
                attempt: string;
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The bytes that were asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Not changed. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The order is signed, and the address holds no token of it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. There is no such file, or no stream yet. A CDN serves media here; playlists say where. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file has no such bytes. */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order, canceled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "default",
                     *       "status": "queued",
                     *       "stage": "ingest",
                     *       "progress": 0,
                     *       "source": {
                     *         "url": "https://media.example.com/holiday.mp4"
                     *       },
                     *       "outputs": {
                     *         "preset": "default",
                     *         "renditions": null,
                     *         "formats": [
                     *           "hls",
                     *           "dash"
                     *         ],
                     *         "audio": {
                     *           "channels": 2
                     *         },
                     *         "speed": "veryfast",
                     *         "captions": [
                     *           {
                     *             "url": "https://media.example.com/holiday.en.srt",
                     *             "language": "en",
                     *             "label": "English",
                     *             "default": false
                     *           }
                     *         ],
                     *         "destination": null,
                     *         "allowPartial": false
                     *       },
                     *       "priority": "normal",
                     *       "webhook": null,
                     *       "metadata": {
                     *         "album": "7"
                     *       },
                     *       "playback": {
                     *         "ready": false,
                     *         "hlsUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/master.m3u8",
                     *         "dashUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/manifest.mpd",
                     *         "posterUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/poster.jpg",
                     *         "thumbnailsUrl": null,
                     *         "mp4Url": null,
                     *         "playUrl": "http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2"
                     *       },
                     *       "renditions": [],
                     *       "delivery": null,
                     *       "durationSeconds": null,
                     *       "error": null,
                     *       "warnings": [],
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "startedAt": null,
                     *       "playableAt": null,
                     *       "retriedAt": null,
                     *       "endedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The order has ended in another way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only what came after it. */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each event has the id `sequence`, and as data {type, sequence, occurredAt, order}. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description There is nothing more to tell. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A header is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many listen to events now. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order of the work. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderJobs"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPlaybackToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "seconds": 86400
                 *     }
                 */
                "application/json": components["schemas"]["CreatePlaybackToken"];
            };
        };
        responses: {
            /** @description Made; nothing is kept of it, and it cannot be taken back. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "token": "toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K",
                     *       "expiresAt": "2026-11-24T05:00:00.000Z",
                     *       "playback": {
                     *         "ready": true,
                     *         "hlsUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/signed/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K/playback/master.m3u8",
                     *         "dashUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/signed/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K/playback/manifest.mpd",
                     *         "posterUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/signed/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K/playback/poster.jpg",
                     *         "thumbnailsUrl": null,
                     *         "mp4Url": null,
                     *         "playUrl": "http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PlaybackToken"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The order is public: its addresses need no token. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 1 MB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPlaybackFile: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: string;
                "If-Range"?: string;
                Range?: string;
            };
            path: {
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The bytes that were asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Media, where a CDN serves it (SPILLWAY_MEDIA_BASE_URL). */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not changed. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The order is signed, and the address holds no token of it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. There is no such file, or no stream yet. A CDN serves media here; playlists say where. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file has no such bytes. */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followPlayback: {
        parameters: {
            query?: never;
            header?: {
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each event is named `order`; its data is a ViewerOrder as JSON. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 7
                     *     event: order
                     *     data: {"id":"ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2","status":"running","stage":"encode","progress":0.4,"playback":{"ready":true,"hlsUrl":"http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/signed/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K/playback/master.m3u8","dashUrl":"http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/signed/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K/playback/manifest.mpd","posterUrl":"http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/signed/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K/playback/poster.jpg","thumbnailsUrl":null,"mp4Url":null,"playUrl":"http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K"}}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description There is nothing more to tell. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The order is signed, and the address holds no token of it. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A header is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many listen to events now. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun again; or it was before, and is under way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "default",
                     *       "status": "queued",
                     *       "stage": "ingest",
                     *       "progress": 0,
                     *       "source": {
                     *         "url": "https://media.example.com/holiday.mp4"
                     *       },
                     *       "outputs": {
                     *         "preset": "default",
                     *         "renditions": null,
                     *         "formats": [
                     *           "hls",
                     *           "dash"
                     *         ],
                     *         "audio": {
                     *           "channels": 2
                     *         },
                     *         "speed": "veryfast",
                     *         "captions": [
                     *           {
                     *             "url": "https://media.example.com/holiday.en.srt",
                     *             "language": "en",
                     *             "label": "English",
                     *             "default": false
                     *           }
                     *         ],
                     *         "destination": null,
                     *         "allowPartial": false
                     *       },
                     *       "priority": "normal",
                     *       "webhook": null,
                     *       "metadata": {
                     *         "album": "7"
                     *       },
                     *       "playback": {
                     *         "ready": false,
                     *         "hlsUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/master.m3u8",
                     *         "dashUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/manifest.mpd",
                     *         "posterUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/poster.jpg",
                     *         "thumbnailsUrl": null,
                     *         "mp4Url": null,
                     *         "playUrl": "http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2"
                     *       },
                     *       "renditions": [],
                     *       "delivery": null,
                     *       "durationSeconds": null,
                     *       "error": null,
                     *       "warnings": [],
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "startedAt": null,
                     *       "playableAt": null,
                     *       "retriedAt": null,
                     *       "endedAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The order is under way, or has completed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. The customer has as many open orders as it may have. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSignedMediaFile: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: string;
                "If-Range"?: string;
                Range?: string;
            };
            path: {
                attempt: string;
                id: string;
                path: string;
                /** @description Of the addresses of a signed order; POST .../playback-tokens makes more. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The bytes that were asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Not changed. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The order is signed, and the address holds no token of it. The token in the address has expired. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. There is no such file, or no stream yet. A CDN serves media here; playlists say where. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file has no such bytes. */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSignedPlaybackFile: {
        parameters: {
            query?: never;
            header?: {
                "If-None-Match"?: string;
                "If-Range"?: string;
                Range?: string;
            };
            path: {
                id: string;
                path: string;
                /** @description Of the addresses of a signed order; POST .../playback-tokens makes more. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The bytes that were asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Media, where a CDN serves it (SPILLWAY_MEDIA_BASE_URL). */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not changed. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The order is signed, and the address holds no token of it. The token in the address has expired. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. There is no such file, or no stream yet. A CDN serves media here; playlists say where. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file has no such bytes. */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followSignedPlayback: {
        parameters: {
            query?: never;
            header?: {
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
                /** @description Of the addresses of a signed order; POST .../playback-tokens makes more. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each event is named `order`; its data is a ViewerOrder as JSON. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 7
                     *     event: order
                     *     data: {"id":"ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2","status":"running","stage":"encode","progress":0.4,"playback":{"ready":true,"hlsUrl":"http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/signed/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K/playback/master.m3u8","dashUrl":"http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/signed/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K/playback/manifest.mpd","posterUrl":"http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/signed/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K/playback/poster.jpg","thumbnailsUrl":null,"mp4Url":null,"playUrl":"http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/toq0w0.5dY4bqJd8xkWq1nB0yT2vZ3K"}}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description There is nothing more to tell. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The order is signed, and the address holds no token of it. The token in the address has expired. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A header is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many listen to events now. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPresets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "presets": [
                     *         {
                     *           "name": "default",
                     *           "description": "For every screen: the rungs 1080, 720, 480, 360, 240 that the source reaches, as HLS and DASH.",
                     *           "renditions": null,
                     *           "formats": [
                     *             "hls",
                     *             "dash"
                     *           ],
                     *           "audio": {
                     *             "channels": 2
                     *           },
                     *           "speed": "veryfast"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PresetList"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    askForScalingLease: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "holder": "autoscaler-1/7f3a",
                 *       "seconds": 30
                 *     }
                 */
                "application/json": components["schemas"]["ScalingLeaseRequest"];
            };
        };
        responses: {
            /** @description Who holds the lease now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "holder": "autoscaler-1/7f3a",
                     *       "expiresAt": "2026-11-23T05:00:30.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ScalingLease"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 1 MB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or its disk is full. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sweep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "dryRun": true
                 *     }
                 */
                "application/json": components["schemas"]["SweepRequest"];
            };
        };
        responses: {
            /** @description What was removed; of a dry run, what would be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "dryRun": true,
                     *       "expired": {
                     *         "objects": 0,
                     *         "bytes": 0,
                     *         "keys": []
                     *       },
                     *       "leftovers": {
                     *         "objects": 1,
                     *         "bytes": 1048576,
                     *         "keys": [
                     *           "orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/ingest-0-att_01JD3Q5ZK7R8M2N4P6S8T0V1W3/source"
                     *         ]
                     *       },
                     *       "removed": {
                     *         "objects": 0,
                     *         "bytes": 0,
                     *         "keys": []
                     *       },
                     *       "orphans": {
                     *         "objects": 0,
                     *         "bytes": 0,
                     *         "keys": []
                     *       },
                     *       "uploads": 2,
                     *       "more": false
                     *     }
                     */
                    "application/json": components["schemas"]["SweepReport"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A key of the operator is needed. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 1 MB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The object store does not answer. The database does not answer, or its disk is full. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "filename": "holiday.mp4",
                 *       "bytes": 104857600
                 *     }
                 */
                "application/json": components["schemas"]["CreateUpload"];
            };
        };
        responses: {
            /** @description Made. Send the file to `url`, then order it by its id. */
            201: {
                headers: {
                    /** @description Where the upload is read. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "acme",
                     *       "status": "waiting",
                     *       "url": "http://127.0.0.1:8080/v1/uploads/upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2/q1mXfXU3GZ4oY9m0b8vK2s6cT7dRjH5eLwPzNaBgV0E",
                     *       "filename": "holiday.mp4",
                     *       "bytes": 104857600,
                     *       "receivedBytes": 0,
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "completedAt": null,
                     *       "expiresAt": "2026-11-24T05:00:00.000Z",
                     *       "parts": {
                     *         "bytes": 104857600,
                     *         "urls": [
                     *           "https://acme.s3.eu-central-1.amazonaws.com/...?partNumber=1&X-Amz-Signature=..."
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CreatedUpload"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is larger than was declared, or than the customer may send. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database does not answer, or its disk is full. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "acme",
                     *       "status": "complete",
                     *       "url": null,
                     *       "filename": "holiday.mp4",
                     *       "bytes": 104857600,
                     *       "receivedBytes": 104857600,
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "completedAt": "2026-11-23T05:01:00.000Z",
                     *       "expiresAt": "2026-11-24T05:01:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such upload, or the address is wrong. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such upload, or the address is wrong. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An order that names the upload has not ended. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request sends to the upload. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putUploadFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description It is complete. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "acme",
                     *       "status": "complete",
                     *       "url": null,
                     *       "filename": "holiday.mp4",
                     *       "bytes": 104857600,
                     *       "receivedBytes": 104857600,
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "completedAt": "2026-11-23T05:01:00.000Z",
                     *       "expiresAt": "2026-11-24T05:01:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description There is no such upload, or the address is wrong. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload is complete, and stays as it is. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload has expired: make a new one. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is larger than was declared, or than the customer may send. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request sends to the upload. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tusCreate: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": "1.0.0";
                "Upload-Defer-Length"?: "1";
                "Upload-Length"?: string;
            };
            path: {
                id: string;
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Go on at `Location`, which is this address. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A header is not valid, or the upload is complete. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such upload, or the address is wrong. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The offset is another one, or the upload is complete. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The upload has expired: make a new one. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is larger than was declared, or than the customer may send. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Another request sends to the upload: try again. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tusTerminate: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": "1.0.0";
            };
            path: {
                id: string;
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A header is not valid, or the upload is complete. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such upload, or the address is wrong. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The offset is another one, or the upload is complete. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The upload has expired: make a new one. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is larger than was declared, or than the customer may send. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Another request sends to the upload: try again. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tusOffset: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": "1.0.0";
            };
            path: {
                id: string;
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description So many. */
            200: {
                headers: {
                    /** @description In bytes. */
                    "Upload-Offset": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A header is not valid, or the upload is complete. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such upload, or the address is wrong. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The offset is another one, or the upload is complete. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The upload has expired: make a new one. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is larger than was declared, or than the customer may send. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Another request sends to the upload: try again. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tusSend: {
        parameters: {
            query?: never;
            header: {
                "Tus-Resumable": "1.0.0";
                /** @description In bytes. */
                "Upload-Offset": string;
            };
            path: {
                id: string;
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description They are kept. */
            204: {
                headers: {
                    /** @description In bytes. */
                    "Upload-Offset": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A header is not valid, or the upload is complete. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such upload, or the address is wrong. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The offset is another one, or the upload is complete. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The upload has expired: make a new one. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is larger than was declared, or than the customer may send. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Another request sends to the upload: try again. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeUploadParts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "etags": [
                 *         "\"9a0364b9e99bb480dd25e1f0284c8555\""
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CompleteUpload"];
            };
        };
        responses: {
            /** @description It is complete. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "upl_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "acme",
                     *       "status": "complete",
                     *       "url": null,
                     *       "filename": "holiday.mp4",
                     *       "bytes": 104857600,
                     *       "receivedBytes": 104857600,
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "completedAt": "2026-11-23T05:01:00.000Z",
                     *       "expiresAt": "2026-11-24T05:01:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such upload, or the address is wrong. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Parts are missing, or are others than the addresses were for. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The upload has expired: make a new one. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request sends to the upload. */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The object store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookEndpoints: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; the next one begins at `nextCursor`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "endpoints": [
                     *         {
                     *           "id": "whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *           "customerId": "acme",
                     *           "url": "https://app.example.com/webhooks/spillway",
                     *           "events": [
                     *             "order.completed",
                     *             "order.failed",
                     *             "order.canceled",
                     *             "order.timed_out"
                     *           ],
                     *           "description": "Production",
                     *           "disabled": false,
                     *           "disabledReason": null,
                     *           "failingSince": null,
                     *           "previousSecretUntil": null,
                     *           "createdAt": "2026-11-23T05:00:00.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpointPage"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the query is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://app.example.com/webhooks/spillway",
                 *       "events": [
                 *         "order.completed",
                 *         "order.failed"
                 *       ],
                 *       "description": "Production"
                 *     }
                 */
                "application/json": components["schemas"]["CreateWebhookEndpoint"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /** @description Where the endpoint is read. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "acme",
                     *       "url": "https://app.example.com/webhooks/spillway",
                     *       "events": [
                     *         "order.completed",
                     *         "order.failed",
                     *         "order.canceled",
                     *         "order.timed_out"
                     *       ],
                     *       "description": "Production",
                     *       "disabled": false,
                     *       "disabledReason": null,
                     *       "failingSince": null,
                     *       "previousSecretUntil": null,
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer has 20 webhook endpoints. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 1 MB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "acme",
                     *       "url": "https://app.example.com/webhooks/spillway",
                     *       "events": [
                     *         "order.completed",
                     *         "order.failed",
                     *         "order.canceled",
                     *         "order.timed_out"
                     *       ],
                     *       "description": "Production",
                     *       "disabled": false,
                     *       "disabledReason": null,
                     *       "failingSince": null,
                     *       "previousSecretUntil": null,
                     *       "createdAt": "2026-11-23T05:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such webhook endpoint. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such webhook endpoint. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "events": [
                 *         "order.completed"
                 *       ],
                 *       "disabled": false
                 *     }
                 */
                "application/json": components["schemas"]["ChangeWebhookEndpoint"];
            };
        };
        responses: {
            /** @description As it is from now on, within five seconds everywhere. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "acme",
                     *       "url": "https://app.example.com/webhooks/spillway",
                     *       "events": [
                     *         "order.completed"
                     *       ],
                     *       "description": "Production",
                     *       "disabled": false,
                     *       "disabledReason": null,
                     *       "failingSince": null,
                     *       "previousSecretUntil": null,
                     *       "createdAt": "2026-11-23T05:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such webhook endpoint. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 1 MB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; the next one begins at `nextCursor`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "id": "dlv_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *           "webhookEndpointId": "whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *           "eventId": "evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_7",
                     *           "type": "order.completed",
                     *           "orderId": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *           "status": "delivered",
                     *           "attempts": [
                     *             {
                     *               "at": "2026-11-23T05:00:00.000Z",
                     *               "status": 500,
                     *               "error": "The receiver answered 500",
                     *               "durationMs": 41
                     *             },
                     *             {
                     *               "at": "2026-11-23T05:00:05.200Z",
                     *               "status": 204,
                     *               "error": null,
                     *               "durationMs": 38
                     *             }
                     *           ],
                     *           "nextTryAt": null,
                     *           "createdAt": "2026-11-23T05:00:00.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDeliveryPage"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such webhook endpoint. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the query is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliverWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deliveryId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A new delivery. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dlv_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "webhookEndpointId": "whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "eventId": "evt_01JD3Q5ZK7R8M2N4P6S8T0V1W2_7",
                     *       "type": "order.completed",
                     *       "orderId": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "status": "pending",
                     *       "attempts": [],
                     *       "nextTryAt": null,
                     *       "createdAt": "2026-11-23T05:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such webhook endpoint. The endpoint has no such delivery. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The event is kept no more, or the delivery was a test. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlapSeconds": 86400
                 *     }
                 */
                "application/json": components["schemas"]["RotateWebhookSecret"];
            };
        };
        responses: {
            /** @description With the new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "customerId": "acme",
                     *       "url": "https://app.example.com/webhooks/spillway",
                     *       "events": [
                     *         "order.completed",
                     *         "order.failed",
                     *         "order.canceled",
                     *         "order.timed_out"
                     *       ],
                     *       "description": "Production",
                     *       "disabled": false,
                     *       "disabledReason": null,
                     *       "failingSince": null,
                     *       "previousSecretUntil": "2026-11-24T05:00:00.000Z",
                     *       "createdAt": "2026-11-23T05:00:00.000Z",
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookEndpointWithSecret"];
                };
            };
            /** @description The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such webhook endpoint. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 1 MB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not application/json. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A field of the body, or the use of the key, is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhookEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of it; `pending` after 20 s. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "dlv_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "webhookEndpointId": "whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "eventId": "dlv_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                     *       "type": "webhook.test",
                     *       "orderId": null,
                     *       "status": "delivered",
                     *       "attempts": [
                     *         {
                     *           "at": "2026-11-23T05:00:05.200Z",
                     *           "status": 204,
                     *           "error": null,
                     *           "durationMs": 38
                     *         }
                     *       ],
                     *       "nextTryAt": null,
                     *       "createdAt": "2026-11-23T05:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Without API keys, pages of other origins may not change anything. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such webhook endpoint. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookSecret"];
                };
            };
            /** @description The request carries no API key, and needs one. The API key is none of this server, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The customer sends too many requests; Retry-After says when to go on. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    onOrderCanceled: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event, the same for every try: drop what you have seen. */
                "webhook-id": string;
                /** @description Standard Webhooks: one or more of `v1,<base64>`, by spaces; one must fit. */
                "webhook-signature": string;
                /** @description Of this try, in seconds since 1970. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "order.canceled",
                 *       "timestamp": "2026-11-23T05:00:00.000Z",
                 *       "data": {
                 *         "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                 *         "customerId": "acme",
                 *         "status": "canceled",
                 *         "stage": "encode",
                 *         "progress": 0.3,
                 *         "error": null,
                 *         "playback": null,
                 *         "metadata": {
                 *           "album": "7"
                 *         },
                 *         "warnings": [],
                 *         "changed": [
                 *           "status",
                 *           "playback"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WebhookEvent"];
            };
        };
        responses: {
            /** @description Received. Anything else is tried again for 24 h. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No more of this: an endpoint is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderCompleted: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event, the same for every try: drop what you have seen. */
                "webhook-id": string;
                /** @description Standard Webhooks: one or more of `v1,<base64>`, by spaces; one must fit. */
                "webhook-signature": string;
                /** @description Of this try, in seconds since 1970. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "order.completed",
                 *       "timestamp": "2026-11-23T05:00:00.000Z",
                 *       "data": {
                 *         "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                 *         "customerId": "acme",
                 *         "status": "completed",
                 *         "stage": "package",
                 *         "progress": 1,
                 *         "error": null,
                 *         "playback": {
                 *           "ready": true,
                 *           "hlsUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/master.m3u8",
                 *           "dashUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/manifest.mpd",
                 *           "posterUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/poster.jpg",
                 *           "thumbnailsUrl": null,
                 *           "mp4Url": null,
                 *           "playUrl": "http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2"
                 *         },
                 *         "metadata": {
                 *           "album": "7"
                 *         },
                 *         "warnings": [],
                 *         "changed": [
                 *           "status",
                 *           "stage",
                 *           "progress",
                 *           "playback"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WebhookEvent"];
            };
        };
        responses: {
            /** @description Received. Anything else is tried again for 24 h. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No more of this: an endpoint is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderFailed: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event, the same for every try: drop what you have seen. */
                "webhook-id": string;
                /** @description Standard Webhooks: one or more of `v1,<base64>`, by spaces; one must fit. */
                "webhook-signature": string;
                /** @description Of this try, in seconds since 1970. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "order.failed",
                 *       "timestamp": "2026-11-23T05:00:00.000Z",
                 *       "data": {
                 *         "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                 *         "customerId": "acme",
                 *         "status": "failed",
                 *         "stage": "encode",
                 *         "progress": 0.3,
                 *         "error": {
                 *           "code": "source_not_media",
                 *           "message": "The source is not a video.",
                 *           "retryable": false
                 *         },
                 *         "playback": null,
                 *         "metadata": {
                 *           "album": "7"
                 *         },
                 *         "warnings": [],
                 *         "changed": [
                 *           "status",
                 *           "error",
                 *           "playback"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WebhookEvent"];
            };
        };
        responses: {
            /** @description Received. Anything else is tried again for 24 h. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No more of this: an endpoint is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderPlayable: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event, the same for every try: drop what you have seen. */
                "webhook-id": string;
                /** @description Standard Webhooks: one or more of `v1,<base64>`, by spaces; one must fit. */
                "webhook-signature": string;
                /** @description Of this try, in seconds since 1970. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "order.playable",
                 *       "timestamp": "2026-11-23T05:00:00.000Z",
                 *       "data": {
                 *         "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                 *         "customerId": "acme",
                 *         "status": "running",
                 *         "stage": "encode",
                 *         "progress": 0.3,
                 *         "error": null,
                 *         "playback": {
                 *           "ready": true,
                 *           "hlsUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/master.m3u8",
                 *           "dashUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/manifest.mpd",
                 *           "posterUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/poster.jpg",
                 *           "thumbnailsUrl": null,
                 *           "mp4Url": null,
                 *           "playUrl": "http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2"
                 *         },
                 *         "metadata": {
                 *           "album": "7"
                 *         },
                 *         "warnings": [],
                 *         "changed": [
                 *           "progress",
                 *           "playback"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WebhookEvent"];
            };
        };
        responses: {
            /** @description Received. Anything else is tried again for 24 h. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No more of this: an endpoint is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderRunning: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event, the same for every try: drop what you have seen. */
                "webhook-id": string;
                /** @description Standard Webhooks: one or more of `v1,<base64>`, by spaces; one must fit. */
                "webhook-signature": string;
                /** @description Of this try, in seconds since 1970. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "order.running",
                 *       "timestamp": "2026-11-23T05:00:00.000Z",
                 *       "data": {
                 *         "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                 *         "customerId": "acme",
                 *         "status": "running",
                 *         "stage": "encode",
                 *         "progress": 0.3,
                 *         "error": null,
                 *         "playback": {
                 *           "ready": false,
                 *           "hlsUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/master.m3u8",
                 *           "dashUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/manifest.mpd",
                 *           "posterUrl": "http://127.0.0.1:8080/v1/orders/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2/playback/poster.jpg",
                 *           "thumbnailsUrl": null,
                 *           "mp4Url": null,
                 *           "playUrl": "http://127.0.0.1:8080/play/ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2"
                 *         },
                 *         "metadata": {
                 *           "album": "7"
                 *         },
                 *         "warnings": [],
                 *         "changed": [
                 *           "status",
                 *           "stage",
                 *           "progress"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WebhookEvent"];
            };
        };
        responses: {
            /** @description Received. Anything else is tried again for 24 h. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No more of this: an endpoint is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderTimedOut: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event, the same for every try: drop what you have seen. */
                "webhook-id": string;
                /** @description Standard Webhooks: one or more of `v1,<base64>`, by spaces; one must fit. */
                "webhook-signature": string;
                /** @description Of this try, in seconds since 1970. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "order.timed_out",
                 *       "timestamp": "2026-11-23T05:00:00.000Z",
                 *       "data": {
                 *         "id": "ord_01JD3Q5ZK7R8M2N4P6S8T0V1W2",
                 *         "customerId": "acme",
                 *         "status": "timed_out",
                 *         "stage": "encode",
                 *         "progress": 0.3,
                 *         "error": null,
                 *         "playback": null,
                 *         "metadata": {
                 *           "album": "7"
                 *         },
                 *         "warnings": [],
                 *         "changed": [
                 *           "status",
                 *           "playback"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WebhookEvent"];
            };
        };
        responses: {
            /** @description Received. Anything else is tried again for 24 h. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No more of this: an endpoint is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWebhookTest: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event, the same for every try: drop what you have seen. */
                "webhook-id": string;
                /** @description Standard Webhooks: one or more of `v1,<base64>`, by spaces; one must fit. */
                "webhook-signature": string;
                /** @description Of this try, in seconds since 1970. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "webhook.test",
                 *       "timestamp": "2026-11-23T05:00:00.000Z",
                 *       "data": {
                 *         "webhookEndpointId": "whe_01JD3Q5ZK7R8M2N4P6S8T0V1W2"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WebhookTest"];
            };
        };
        responses: {
            /** @description Received. Anything else is tried again for 24 h. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No more of this: an endpoint is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
